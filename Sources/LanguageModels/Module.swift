// module LanguageModels
