(mod_item name: (identifier) @name body: (_) @body) @definition.module

; Members of implementations say to which type they belong.
(impl_item
  type: [
    (type_identifier) @owner
    (generic_type type: (type_identifier) @owner)
    (generic_type type: (scoped_type_identifier name: (type_identifier) @owner))
    (scoped_type_identifier name: (type_identifier) @owner)
    (reference_type type: (type_identifier) @owner)
    (reference_type type: (generic_type type: (type_identifier) @owner))
    (primitive_type) @owner
  ]
  body: (declaration_list
    (function_item name: (identifier) @name return_type: (_)? @type body: (_) @body) @definition.method))
(impl_item
  type: [
    (type_identifier) @owner
    (generic_type type: (type_identifier) @owner)
    (scoped_type_identifier name: (type_identifier) @owner)
  ]
  body: (declaration_list [
    (const_item name: (identifier) @name type: (_) @type) @definition.constant
    (type_item name: (type_identifier) @name type: (_) @type) @definition.type_alias
  ]))

(function_item name: (identifier) @name return_type: (_)? @type body: (_) @body) @definition.function
(function_signature_item name: (identifier) @name return_type: (_)? @type) @definition.function
(let_declaration
  pattern: (identifier) @name
  value: (closure_expression return_type: (_)? @type body: (_) @body)) @definition.function

(struct_item name: (type_identifier) @name body: (_)? @body) @definition.struct
(union_item name: (type_identifier) @name body: (_) @body) @definition.struct
(enum_item name: (type_identifier) @name body: (_) @body) @definition.enum
(enum_variant name: (identifier) @name body: (_)? @body) @definition.enum_member
(trait_item name: (type_identifier) @name body: (_) @body) @definition.interface
(type_item name: (type_identifier) @name type: (_) @type) @definition.type_alias
(associated_type name: (type_identifier) @name) @definition.type_alias
(field_declaration name: (field_identifier) @name type: (_) @type) @definition.field

(source_file [
  (const_item name: (identifier) @name type: (_) @type) @definition.constant
  (static_item name: (identifier) @name type: (_) @type) @definition.variable
])
(declaration_list [
  (const_item name: (identifier) @name type: (_) @type) @definition.constant
  (static_item name: (identifier) @name type: (_) @type) @definition.variable
])
(macro_definition name: (identifier) @name . ["{" "("] @body) @definition.macro

[(line_comment) (block_comment)] @comment

(attribute_item (attribute [(identifier) (scoped_identifier)] @name arguments: (token_tree)? @arguments)) @annotation
