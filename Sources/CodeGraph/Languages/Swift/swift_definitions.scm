; An extension is no definition: its members say to which type they belong.
(protocol_declaration name: (type_identifier) @name body: (_) @body) @definition.interface
(associatedtype_declaration name: (type_identifier) @name) @definition.type_alias
(enum_entry name: (simple_identifier) @name) @definition.enum_member

; Members of extensions.
(class_declaration
  name: (user_type (type_identifier) @owner . (type_arguments)? .)
  body: (class_body
    (function_declaration "func" . name: _ @name "->" . (_) @type body: (_) @body) @definition.method))
(class_declaration
  name: (user_type (type_identifier) @owner . (type_arguments)? .)
  body: (class_body (function_declaration "func" . name: _ @name body: (_) @body) @definition.method))
(class_declaration
  name: (user_type (type_identifier) @owner . (type_arguments)? .)
  body: (class_body (init_declaration name: "init" @name body: (_) @body) @definition.constructor))
(class_declaration
  name: (user_type (type_identifier) @owner . (type_arguments)? .)
  body: (class_body
    (property_declaration
      name: (pattern bound_identifier: (simple_identifier) @name)
      (type_annotation (_) @type)
      computed_value: (_) @body) @definition.property))
(class_declaration
  name: (user_type (type_identifier) @owner . (type_arguments)? .)
  body: (class_body
    (property_declaration
      name: (pattern bound_identifier: (simple_identifier) @name)
      (type_annotation (_) @type)) @definition.field))
(class_declaration
  name: (user_type (type_identifier) @owner . (type_arguments)? .)
  body: (class_body
    (property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.field))
(class_declaration
  name: (user_type (type_identifier) @owner . (type_arguments)? .)
  body: (class_body (subscript_declaration "subscript" @name (computed_property) @body) @definition.method))

(class_declaration
  name: (user_type (type_identifier) @owner . (type_arguments)? .)
  body: (class_body [
    (class_declaration declaration_kind: "struct" name: (type_identifier) @name body: (_) @body) @definition.struct
    (class_declaration declaration_kind: "class" name: (type_identifier) @name body: (_) @body) @definition.class
    (class_declaration declaration_kind: "actor" name: (type_identifier) @name body: (_) @body) @definition.class
    (class_declaration declaration_kind: "enum" name: (type_identifier) @name body: (_) @body) @definition.enum
    (typealias_declaration name: (type_identifier) @name "=" @body) @definition.type_alias
  ]))

; Types.
(typealias_declaration name: (type_identifier) @name "=" @body) @definition.type_alias
(class_declaration
  declaration_kind: "class"
  name: (type_identifier) @name
  body: (_) @body) @definition.class
(class_declaration
  declaration_kind: "actor"
  name: (type_identifier) @name
  body: (_) @body) @definition.class
(class_declaration
  declaration_kind: "struct"
  name: (type_identifier) @name
  body: (_) @body) @definition.struct
(class_declaration
  declaration_kind: "enum"
  name: (type_identifier) @name
  body: (_) @body) @definition.enum

; Functions and members.
(function_declaration
  "func" . name: _ @name
  "->" . (_) @type
  body: (_) @body) @definition.function
(function_declaration "func" . name: _ @name body: (_) @body) @definition.function
(protocol_function_declaration
  "func" . name: _ @name
  "->" . (_) @type) @definition.method
(protocol_function_declaration "func" . name: _ @name) @definition.method
(init_declaration name: "init" @name body: (_)? @body) @definition.constructor
(deinit_declaration "deinit" @name body: (_) @body) @definition.method
(subscript_declaration "subscript" @name (computed_property) @body) @definition.method
(macro_declaration (simple_identifier) @name) @definition.macro

(protocol_property_declaration
  name: (pattern bound_identifier: (simple_identifier) @name)
  (type_annotation (_) @type)) @definition.property
(class_body
  (property_declaration
    name: (pattern bound_identifier: (simple_identifier) @name)
    (type_annotation (_) @type)
    computed_value: (_) @body) @definition.property)
(enum_class_body
  (property_declaration
    name: (pattern bound_identifier: (simple_identifier) @name)
    (type_annotation (_) @type)
    computed_value: (_) @body) @definition.property)
(class_body
  (property_declaration
    name: (pattern bound_identifier: (simple_identifier) @name)
    (type_annotation (_) @type)) @definition.field)
(class_body (property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.field)
(enum_class_body
  (property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.field)

; Names of the module.
(source_file
  (property_declaration
    (value_binding_pattern mutability: "let")
    name: (pattern bound_identifier: (simple_identifier) @name)
    (type_annotation (_) @type)) @definition.constant)
(source_file
  (property_declaration
    (value_binding_pattern mutability: "let")
    name: (pattern bound_identifier: (simple_identifier) @name)) @definition.constant)
(source_file
  (property_declaration
    name: (pattern bound_identifier: (simple_identifier) @name)
    (type_annotation (_) @type)
    computed_value: (_)? @body) @definition.variable)
(source_file
  (property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.variable)

; Functions without names that a variable holds.
(property_declaration
  name: (pattern bound_identifier: (simple_identifier) @name)
  value: (lambda_literal) @body) @definition.function

[(comment) (multiline_comment)] @comment

(class_declaration (modifiers (attribute (user_type) @name) @annotation))
(protocol_declaration (modifiers (attribute (user_type) @name) @annotation))
(function_declaration (modifiers (attribute (user_type) @name) @annotation))
(property_declaration (modifiers (attribute (user_type) @name) @annotation))
(init_declaration (modifiers (attribute (user_type) @name) @annotation))
(protocol_function_declaration (modifiers (attribute (user_type) @name) @annotation))
(typealias_declaration (modifiers (attribute (user_type) @name) @annotation))
(subscript_declaration (modifiers (attribute (user_type) @name) @annotation))
(enum_entry (modifiers (attribute (user_type) @name) @annotation))
