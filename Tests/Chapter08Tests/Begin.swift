import RL
import Testing
