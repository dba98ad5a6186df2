; Elements are calls of their components. The browser's own elements are none.
(jsx_opening_element
  name: (identifier) @name
  (#not-any-of? @name
    "a" "article" "aside" "body" "br" "button" "code" "dd" "div" "dl" "dt" "em" "fieldset" "footer" "form" "g" "h1" "h2" "h3" "h4" "h5"
    "h6" "head" "header" "hr" "html" "i" "iframe" "img" "input" "label" "li" "link" "main" "meta" "nav" "ol" "option" "p"
    "path" "pre" "script" "section" "select" "small" "span" "strong" "style" "svg" "table" "tbody" "td" "textarea" "th"
    "thead" "title" "tr" "ul" "video")) @reference.call
(jsx_opening_element
  name: (member_expression object: (_) @receiver property: (property_identifier) @name)) @reference.call
(jsx_self_closing_element
  name: (identifier) @name
  (#not-any-of? @name
    "a" "article" "aside" "body" "br" "button" "code" "dd" "div" "dl" "dt" "em" "fieldset" "footer" "form" "g" "h1" "h2" "h3" "h4" "h5"
    "h6" "head" "header" "hr" "html" "i" "iframe" "img" "input" "label" "li" "link" "main" "meta" "nav" "ol" "option" "p"
    "path" "pre" "script" "section" "select" "small" "span" "strong" "style" "svg" "table" "tbody" "td" "textarea" "th"
    "thead" "title" "tr" "ul" "video")) @reference.call
(jsx_self_closing_element
  name: (member_expression object: (_) @receiver property: (property_identifier) @name)) @reference.call

(jsx_attribute (jsx_expression (identifier) @name)) @reference.use
(jsx_attribute
  (jsx_expression (member_expression object: (_) @receiver property: (property_identifier) @name))) @reference.use
