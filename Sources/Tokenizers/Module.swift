// module Tokenizers
