(call_expression . (identifier) @name) @reference.call
(call_expression . (navigation_expression . (_) @receiver (identifier) @name .)) @reference.call
(constructor_delegation_call ["this" "super"] @name) @reference.call
(infix_expression . (_) @receiver . (identifier) @name) @reference.call

(annotation (constructor_invocation (user_type (identifier) @name .))) @reference.construct
; A type that is called is a class; what is only named is an interface.
(delegation_specifier (constructor_invocation (user_type (identifier) @name .))) @reference.inherit
(delegation_specifier (user_type (identifier) @name .)) @reference.implement
(delegation_specifier (user_type (identifier) @name . (type_arguments))) @reference.implement
(delegation_specifier (explicit_delegation (user_type (identifier) @name .))) @reference.implement

(user_type (identifier) @name .) @reference.type
(user_type (identifier) @name . (type_arguments)) @reference.type

; Functions and values that are handed on.
(callable_reference (_)? @receiver (identifier) @name .) @reference.use
(value_argument (identifier) @name .) @reference.use
(value_argument (navigation_expression . (_) @receiver (identifier) @name .)) @reference.use
(property_declaration (variable_declaration) (identifier) @name) @reference.use
(assignment right: (identifier) @name) @reference.use
(return_expression (identifier) @name) @reference.use

; The last part is the name, unless all are taken.
(import (qualified_identifier) @module "*" @wildcard) @import
(import
  (qualified_identifier
    . (identifier) @module
    ("." @module . (identifier) @module)*
    "."
    .
    (identifier) @name
    .)
  .
  (identifier) @alias) @import
(import
  (qualified_identifier
    . (identifier) @module
    ("." @module . (identifier) @module)*
    "."
    .
    (identifier) @name
    .)
  .
  ["*" "as"]? @rest
  (#not-any-of? @rest "*" "as")) @import

(variable_declaration . (identifier) @name . [(user_type) (nullable_type)] @type) @binding
(property_declaration
  (variable_declaration . (identifier) @name .)
  [
    (call_expression . [(identifier) (navigation_expression)] @value)
    (identifier) @value
  ]) @binding
(parameter . (identifier) @name . [(user_type) (nullable_type) (function_type)] @type) @binding
(class_parameter (identifier) @name . [(user_type) (nullable_type) (function_type)] @type) @binding
(assignment
  left: [(identifier) (navigation_expression)] @name
  right: [
    (call_expression . [(identifier) (navigation_expression)] @value)
    (identifier) @value
  ]) @binding

; Routes of Ktor, which stand within others.
(call_expression
  .
  (call_expression
    .
    (identifier) @verb
    (value_arguments . (value_argument (string_literal) @path)))
  (annotated_lambda (lambda_literal) @body)
  (#any-of? @verb "get" "post" "put" "delete" "patch" "head" "options")) @route
(call_expression
  .
  (identifier) @verb
  (value_arguments . (value_argument (string_literal) @path) . (value_argument (identifier) @name) .)
  (#any-of? @verb "get" "post" "put" "delete" "patch" "head" "options")) @route
(call_expression
  .
  (call_expression
    .
    (identifier) @function
    (value_arguments . (value_argument (string_literal) @path)))
  (annotated_lambda)
  (#eq? @function "route")) @prefix
