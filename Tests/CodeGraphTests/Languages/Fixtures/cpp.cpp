#include <vector>
#include "harbor.h"

namespace sea = world::water;
using namespace std::literals;
using world::Port;

namespace harbor::docks {

// Most ships at once.
constexpr int kMostShips = 12;
static Registry registry;
extern int tide;

enum class Flag : int { kRed, kGreen = 2 };

template <typename T>
using List = std::vector<T>;
typedef struct Ship Ship;

/** What floats. */
struct Ship {
  int length = 3;
  std::string name;
};

/// Where ships lie.
template <typename T>
class Dock : public Place, protected sea::Open<T> {
 public:
  explicit Dock(Port *port) : port_(port), ships_(makeShips()) { open(); }
  virtual ~Dock();
  Dock(const Dock &) = delete;

  // Takes a ship in.
  virtual bool take(const Ship &ship, int berth = 0) override;
  static Dock *make(std::string name) { return new Dock(find(name)); }
  bool operator==(const Dock &other) const { return port_ == other.port_; }
  T &front() { return ships_.front(); }
  friend void swap(Dock &a, Dock &b);

 private:
  Port *port_;
  std::vector<T> ships_;
  void (*onFull_)(int);
};

template <typename T>
bool Dock<T>::take(const Ship &ship, int berth) {
  auto crew = std::make_unique<Crew>(ship);
  Berth place(berth);
  Rope rope{ship.length};
  const auto *found = registry.lookup(ship.name);
  for (auto &each : ships_) each->greet(crew.get());
  auto moor = [this](int n) { return port_->moor(n); };
  crew->leave();
  moor(place.number());
  return sea::isCalm(static_cast<Ship *>(found));
}

std::ostream &print(std::ostream &out, const Ship *ship);

#define HARBOR_ASSERT(x) check(x)

}  // namespace harbor::docks

int Harbor::count() const { return total_; }

Harbor::Harbor() : total_(0) {}

[[nodiscard]] static int run(int argc, char **argv) {
  std::sort(argv, argv + argc, byName);
  signal(SIGINT, &stop);
  Dock<Ship> dock(nullptr);
  throw Error("none");
}
