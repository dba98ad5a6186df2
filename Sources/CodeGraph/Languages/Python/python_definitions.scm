; Classes and functions. A function within a class becomes a method by where it stands.
(class_definition name: (identifier) @name body: (block) @body) @definition.class

(class_definition
  body: (block
    (function_definition
      name: (identifier) @name
      return_type: (_)? @type
      body: (block) @body) @definition.constructor)
  (#eq? @name "__init__"))

(class_definition
  body: (block
    (decorated_definition
      (decorator (identifier) @decorator)
      definition: (function_definition
        name: (identifier) @name
        return_type: (_)? @type
        body: (block) @body) @definition.property))
  (#any-of? @decorator "property" "cached_property"))

(function_definition name: (identifier) @name return_type: (_)? @type body: (block) @body) @definition.function
(assignment left: (identifier) @name right: (lambda body: (_) @body)) @definition.function

; Names of modules and of classes. Assignments within functions are bindings only.
(module (expression_statement (assignment left: (identifier) @name type: (_)? @type) @definition.variable))
(class_definition
  body: (block (expression_statement (assignment left: (identifier) @name type: (_)? @type) @definition.field)))
(type_alias_statement left: (type (identifier) @name)) @definition.type_alias

; Documentation: the first string of a body.
(module . (comment)* . (expression_statement (string) @doc))
(class_definition body: (block . (expression_statement (string) @doc)))
(function_definition body: (block . (expression_statement (string) @doc)))
(comment) @comment

(decorator [
  (identifier) @name
  (attribute) @name
  (call function: (_) @name arguments: (argument_list) @arguments)
]) @annotation
