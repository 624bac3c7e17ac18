// module Evaluation
