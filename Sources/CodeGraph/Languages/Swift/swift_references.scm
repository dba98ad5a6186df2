(call_expression . (simple_identifier) @name (call_suffix [(value_arguments "(") (lambda_literal)])) @reference.call
(call_expression
  .
  (navigation_expression
    target: (_) @receiver
    suffix: (navigation_suffix suffix: (simple_identifier) @name))
  (call_suffix [(value_arguments "(") (lambda_literal)])) @reference.call
; A static member of a type that is known from elsewhere.
(call_expression . (prefix_expression . "." @receiver . target: (simple_identifier) @name) (call_suffix)) @reference.call
(constructor_expression constructed_type: (user_type (type_identifier) @name .)) @reference.construct
(macro_invocation (simple_identifier) @name) @reference.call

(protocol_declaration
  (inheritance_specifier inherits_from: (user_type (type_identifier) @name .))) @reference.inherit
; An extension stands beside its type: that is the receiver.
(class_declaration
  name: (user_type (type_identifier) @receiver .)
  (inheritance_specifier inherits_from: (user_type (type_identifier) @name .))) @reference.implement
; Which of them is a class is not known here.
(class_declaration
  name: (type_identifier)
  (inheritance_specifier inherits_from: (user_type (type_identifier) @name .))) @reference.inherit

((type_identifier) @name (#not-eq? @name "Self")) @reference.type

; Functions and values that are handed on.
(value_argument value: (simple_identifier) @name) @reference.use
(value_argument
  value: (navigation_expression
    target: (_) @receiver
    suffix: (navigation_suffix suffix: (simple_identifier) @name))) @reference.use
(property_declaration value: (simple_identifier) @name) @reference.use
(assignment result: (simple_identifier) @name) @reference.use
(array_literal element: (simple_identifier) @name) @reference.use
(control_transfer_statement result: (simple_identifier) @name) @reference.use

(import_declaration (identifier) @module) @import

; What is known of the types of variables.
(property_declaration
  name: (pattern bound_identifier: (simple_identifier) @name)
  (type_annotation (_) @type)) @binding
(property_declaration
  name: (pattern bound_identifier: (simple_identifier) @name)
  value: [
    (call_expression . [(simple_identifier) (navigation_expression)] @value (call_suffix))
    (constructor_expression constructed_type: (_) @type)
    (simple_identifier) @value
  ]) @binding
(property_declaration
  name: (pattern bound_identifier: (simple_identifier) @name)
  [
    (await_expression (call_expression . [(simple_identifier) (navigation_expression)] @value (call_suffix)))
    (try_expression (call_expression . [(simple_identifier) (navigation_expression)] @value (call_suffix)))
    (call_expression . [(simple_identifier) (navigation_expression)] @value (call_suffix))
  ]) @binding
(parameter name: (simple_identifier) @name . [(user_type) (optional_type) (array_type) (dictionary_type)
  (existential_type) (opaque_type) (function_type) (tuple_type)] @type) @binding
(assignment
  target: (directly_assignable_expression) @name
  result: [
    (call_expression . [(simple_identifier) (navigation_expression)] @value (call_suffix))
    (simple_identifier) @value
  ]) @binding
