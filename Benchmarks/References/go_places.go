// Lists the places in Go files where something is called or made, and where a type is embedded: one JSON line each.
//
//	go run go_places.go < PATHS
package main

import (
	"bufio"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
)

type place struct {
	Kind   string `json:"kind"`
	Path   string `json:"path"`
	Line   int    `json:"line"`
	Column int    `json:"column"` // in bytes, counted from 1
	Name   string `json:"name"`
}

// name is the last name of an expression, without type arguments.
func name(expression ast.Expr) *ast.Ident {
	switch e := expression.(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return e.Sel
	case *ast.IndexExpr:
		return name(e.X)
	case *ast.IndexListExpr:
		return name(e.X)
	case *ast.ParenExpr:
		return name(e.X)
	case *ast.StarExpr:
		return name(e.X)
	}
	return nil
}

func main() {
	out := json.NewEncoder(os.Stdout)
	for paths := bufio.NewScanner(os.Stdin); paths.Scan(); {
		path := paths.Text()
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			continue
		}
		say := func(kind string, e ast.Expr) {
			if id := name(e); id != nil {
				at := files.Position(id.Pos())
				out.Encode(place{kind, path, at.Line, at.Column, id.Name})
			}
		}
		ast.Inspect(file, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.CallExpr:
				say("call", n.Fun)
			case *ast.CompositeLit:
				if n.Type != nil {
					say("call", n.Type)
				}
			case *ast.StructType:
				for _, field := range n.Fields.List {
					if len(field.Names) == 0 {
						say("inherits", field.Type)
					}
				}
			case *ast.InterfaceType:
				for _, method := range n.Methods.List {
					if len(method.Names) == 0 {
						say("inherits", method.Type)
					}
				}
			}
			return true
		})
	}
}
