// Package bank keeps accounts.
package bank

import (
	"errors"
	"fmt"
	str "strings"

	. "example.org/money"
	_ "example.org/driver"
)

import "sync"

// ErrEmpty says that nothing is left.
var ErrEmpty = errors.New("empty")

const (
	// Limit of an account.
	Limit = 100
	open, closed = iota, 2
)

var (
	accounts map[string]*Account
	count, total int
)

// Kind is a sort of account.
type Kind int

type ID = string

// Account holds money of one person.
type Account struct {
	sync.Mutex
	*Owner
	Balance int `json:"balance"`
	low, high Money
	onChange func(int) error
}

// Store keeps accounts.
type Store interface {
	fmt.Stringer
	Load(id ID) (*Account, error)
}

type Pair[K comparable, V any] struct {
	key   K
	value V
}

// NewAccount makes an account.
func NewAccount(owner *Owner) *Account {
	account := &Account{Owner: owner, onChange: notify}
	other := Account{}
	list := make([]Kind, 0)
	var first Kind = Kind(1)
	defer other.Unlock()
	go watch(account)
	use(list, first, total)
	return account
}

// Pay takes money.
func (a *Account) Pay(amount int, to Store) (int, error) {
	if found, err := to.Load(str.ToUpper("x")); err != nil {
		return 0, fmt.Errorf("no: %w", found.err)
	}
	handler := func(n int) { a.onChange(n) }
	handler(amount)
	return a.Owner.pay(amount), ErrEmpty
}

func (p Pair[K, V]) Key() K { return p.key }

func apply[T any](items []T, change func(T) T) {
	kinds := map[string]Kind{"a": parse("a")}
	apply[Kind](nil, nil)
	_, _ = kinds, new(Account)
}
