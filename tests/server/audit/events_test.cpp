#include "server/audit/events.h"

#include <gtest/gtest.h>

#include <thread>

namespace planwise {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kNow{0};
constexpr milliseconds kLong{10'000};

Event event(std::int64_t audit) {
  Event made;
  made.audit = AuditId{audit};
  return made;
}

TEST(EventBus, TellsEveryListenerInOrder) {
  EventBus bus;
  const auto first = bus.subscribe();
  bus.publish(event(1));
  const auto second = bus.subscribe();
  bus.publish(event(2));
  EXPECT_EQ(first->next(kNow)->audit, AuditId{1});
  EXPECT_EQ(first->next(kNow)->audit, AuditId{2});
  EXPECT_FALSE(first->next(kNow));
  EXPECT_EQ(second->next(kNow)->sequence, 2U) << "from now on";
}

TEST(EventBus, DropsTheOldestOfASlowListener) {
  EventBus bus;
  const auto slow = bus.subscribe();
  for (std::size_t i = 0; i < EventBus::kQueueLength + 10; ++i) {
    bus.publish(event(static_cast<std::int64_t>(i)));
  }
  EXPECT_EQ(slow->dropped(), 10U);
  EXPECT_EQ(slow->next(kNow)->audit, AuditId{10});
}

TEST(EventBus, WakesAWaitingListener) {
  EventBus bus;
  const auto subscription = bus.subscribe();
  std::jthread publisher([&bus] { bus.publish(event(7)); });
  EXPECT_EQ(subscription->next(kLong)->audit, AuditId{7});
}

TEST(EventBus, EndsAllWhenItIsClosed) {
  auto bus = std::make_unique<EventBus>();
  const auto subscription = bus->subscribe();
  std::jthread closer([&bus] { bus->close(); });
  EXPECT_FALSE(subscription->next(kLong));
  EXPECT_TRUE(subscription->closed());
  closer.join();
  EXPECT_TRUE(bus->subscribe()->closed());
  bus.reset();
  EXPECT_FALSE(subscription->next(kNow)) << "it may outlive the bus";
}

}  // namespace
}  // namespace planwise
