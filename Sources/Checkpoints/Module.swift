// module Checkpoints
