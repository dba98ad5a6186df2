(function_call_expression function: (name) @name) @reference.call
(function_call_expression
  function: [
    (qualified_name prefix: (_) @receiver (name) @name .)
    (qualified_name . prefix: "\\" @receiver . (name) @name .)
  ]) @reference.call
(function_call_expression function: (variable_name (name) @name)) @reference.call
(member_call_expression object: (_) @receiver name: (name) @name) @reference.call
(nullsafe_member_call_expression object: (_) @receiver name: (name) @name) @reference.call
(scoped_call_expression scope: (_) @receiver name: (name) @name) @reference.call

(object_creation_expression [
  (name) @name
  (qualified_name prefix: (_) @receiver (name) @name .)
  (qualified_name . prefix: "\\" @receiver . (name) @name .)
]) @reference.construct
(attribute [(name) @name (qualified_name prefix: (_) @receiver (name) @name .)
  (qualified_name . prefix: "\\" @receiver . (name) @name .)]) @reference.construct

(base_clause [(name) @name (qualified_name prefix: (_) @receiver (name) @name .)
  (qualified_name . prefix: "\\" @receiver . (name) @name .)]) @reference.inherit
(class_interface_clause [
  (name) @name
  (qualified_name prefix: (_) @receiver (name) @name .)
  (qualified_name . prefix: "\\" @receiver . (name) @name .)
]) @reference.implement
; Traits.
(use_declaration [(name) @name (qualified_name prefix: (_) @receiver (name) @name .)
  (qualified_name . prefix: "\\" @receiver . (name) @name .)]) @reference.inherit

((named_type [(name) @name (qualified_name prefix: (_) @receiver (name) @name .)
  (qualified_name . prefix: "\\" @receiver . (name) @name .)])
  (#not-any-of? @name "self" "static")) @reference.type
; What a container is told to hand over.
(member_call_expression
  name: (name) @function
  arguments: (arguments
    .
    (argument (class_constant_access_expression . (name) @receiver))
    .
    (argument (class_constant_access_expression . (name) @name)))
  (#any-of? @function "bind" "singleton" "scoped" "instance" "set")) @reference.bind
(member_call_expression
  name: (name) @function
  arguments: (arguments . (argument (class_constant_access_expression . (name) @name)))
  (#any-of? @function "bind" "singleton" "scoped" "instance" "set")) @reference.bind
(class_constant_access_expression . (name) @name) @reference.type
(class_constant_access_expression
  .
  [
    (qualified_name prefix: (_) @receiver (name) @name .)
    (qualified_name . prefix: "\\" @receiver . (name) @name .)
  ]) @reference.type
(scoped_property_access_expression scope: (name) @name) @reference.type
(binary_expression
  operator: "instanceof"
  right: [(name) @name (qualified_name prefix: (_) @receiver (name) @name .)
  (qualified_name . prefix: "\\" @receiver . (name) @name .)]) @reference.type

; Constants, and functions that are handed on by their names or as [object, 'name'].
(class_constant_access_expression (_) @receiver . (name) @name) @reference.use
(argument . (name) @name .) @reference.use
(argument
  (array_creation_expression
    .
    (array_element_initializer [(variable_name) (class_constant_access_expression)] @receiver)
    .
    (array_element_initializer (string (string_content) @name))
    .)) @reference.use
((function_call_expression
    function: (name) @function
    arguments: (arguments (argument (string (string_content) @name))))
  (#any-of? @function
    "array_map" "array_filter" "usort" "uasort" "uksort" "call_user_func" "call_user_func_array" "is_callable"
    "add_action" "add_filter" "register_shutdown_function")) @reference.use

(namespace_use_declaration
  (namespace_use_clause
    (qualified_name prefix: (namespace_name) @module (name) @name .)
    alias: (name)? @alias)) @import
(namespace_use_declaration (namespace_use_clause . (name) @module alias: (name)? @alias)) @import
(namespace_use_declaration
  (namespace_name) @module
  body: (namespace_use_group (namespace_use_clause . (name) @name alias: (name)? @alias))) @import
(namespace_use_declaration
  (namespace_name) @module
  "\\" @module
  body: (namespace_use_group
    (namespace_use_clause
      (qualified_name prefix: (namespace_name) @module (name) @name .)
      alias: (name)? @alias))) @import
(include_expression (string (string_content) @module) @wildcard) @import
(include_once_expression (string (string_content) @module) @wildcard) @import
(require_expression (string (string_content) @module) @wildcard) @import
(require_once_expression (string (string_content) @module) @wildcard) @import
(include_expression (binary_expression right: (string (string_content) @module)) @wildcard) @import
(include_once_expression (binary_expression right: (string (string_content) @module)) @wildcard) @import
(require_expression (binary_expression right: (string (string_content) @module)) @wildcard) @import
(require_once_expression (binary_expression right: (string (string_content) @module)) @wildcard) @import

(simple_parameter type: (_) @type name: (variable_name) @name) @binding
(property_promotion_parameter type: (_) @type name: (variable_name) @name) @binding
(catch_clause type: (_) @type name: (variable_name) @name) @binding
(assignment_expression
  left: [(variable_name) (member_access_expression) (scoped_property_access_expression)] @name
  right: [
    (object_creation_expression [(name) (qualified_name)] @type)
    (function_call_expression function: [(name) (qualified_name)] @value)
    (member_call_expression object: (_) @value "->" @value name: (name) @value)
    (scoped_call_expression scope: (_) @value "::" @value name: (name) @value)
    (variable_name) @value
  ]) @binding

; Routes of Laravel, and what stands before the paths of a group of them.
(scoped_call_expression
  scope: (name) @facade
  name: (name) @verb
  arguments: (arguments
    .
    (argument (string) @path)
    .
    (argument [
      (array_creation_expression
        .
        (array_element_initializer (class_constant_access_expression . (name) @receiver))
        .
        (array_element_initializer (string) @name)
        .)
      (class_constant_access_expression . (name) @name)
      (string) @name
      (anonymous_function) @body
      (arrow_function) @body
    ]))
  (#eq? @facade "Route")
  (#any-of? @verb "get" "post" "put" "patch" "delete" "options" "any")) @route @wildcard
(member_call_expression
  object: (member_call_expression
    object: (variable_name)
    name: (name) @function
    arguments: (arguments . (argument (string) @path)))
  name: (name) @group
  (#eq? @function "prefix")
  (#eq? @group "group")) @prefix
(member_call_expression
  object: (scoped_call_expression
    name: (name) @function
    arguments: (arguments . (argument (string) @path)))
  name: (name) @group
  (#eq? @function "prefix")
  (#eq? @group "group")) @prefix
; Slim's.
(member_call_expression
  object: (variable_name) @owner
  name: (name) @verb
  arguments: (arguments
    .
    (argument (string) @path)
    .
    (argument [
      (class_constant_access_expression . (name) @name)
      (anonymous_function) @body
      (arrow_function) @body
      (string) @name
    ]))
  (#any-of? @owner "$app" "$group" "$router" "$r")
  (#any-of? @verb "get" "post" "put" "patch" "delete" "options" "any")) @route
