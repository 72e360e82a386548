// tests/unit/api/serving_test.cpp - a server whose database ends by a fault of its own goes on with it opened anew.
#include "api/serving.hpp"

#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>
#include <httplib.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace fenqun::api {
namespace {

using namespace std::chrono_literals;

class ServingTest : public testing::Test {
 protected:
  void SetUp() override {
    spdlog::set_level(spdlog::level::off);
    ASSERT_TRUE(warehouse::Workspace::init(folder_.path() / "ws", "t").has_value());
    thread_ = std::jthread([this](const std::stop_token& stop) { ended_ = serve(serving(), stop).has_value(); });
    ASSERT_TRUE(is_up(1));
  }
  void TearDown() override {
    end();
    spdlog::set_level(spdlog::level::info);
  }
  void end() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }
  Serving serving() {
    Serving out;
    out.open = [this] { return app::Session::open(folder_.path() / "ws", {}); };
    out.clock = [] { return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now()); };
    out.when_up = [this](Service& service, const Server& server) -> Result<std::shared_ptr<void>> {
      const std::scoped_lock lock(mutex_);
      service_ = &service;
      port_ = server.port();
      ups_ += 1;
      changed_.notify_all();
      return std::shared_ptr<void>();
    };
    return out;
  }
  bool is_up(int times) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 60s, [&] { return ups_ >= times; });
  }
  // A fault of the database as its own tests make it.
  void lose_database() {
    auto lease = service_->session(Language::English);
    ASSERT_TRUE(lease.has_value());
    auto& connection = (*lease)->workspace.connection();
    ASSERT_TRUE(connection.execute("SET debug_checkpoint_abort = 'before_header'").has_value());
    ASSERT_FALSE(connection.execute("CHECKPOINT").has_value());
  }

  test::TempFolder folder_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Service* service_ = nullptr;
  std::uint16_t port_ = 0;
  int ups_ = 0;
  bool ended_ = false;
  std::jthread thread_;
};

TEST_F(ServingTest, GoesOnWithTheDatabaseOpenedAnew) {
  const auto port = port_;
  ASSERT_TRUE(service_->door()
                  .add_first_user({"first", "", "administrator", access::Scope::all(), "a long enough one"})
                  .has_value());
  const auto session = service_->door().log_in("first", "a long enough one", "test");
  ASSERT_TRUE(session.has_value());
  access::AuditEntry seen;
  seen.at = service_->now();
  seen.action = "GET /customers/{id}";
  seen.subject = "c1";
  seen.outcome = "done";
  lose_database();
  service_->audit().note_later(seen);
  ASSERT_TRUE(is_up(2));
  EXPECT_EQ(port_, port);
  EXPECT_TRUE(service_->door().by_session(session->token)) << "nobody has to log in again";
  const auto noted = service_->audit().search({});
  ASSERT_TRUE(noted.has_value());
  ASSERT_EQ(noted->total, 1);
  EXPECT_EQ(noted->items[0].subject, "c1");
  EXPECT_FALSE(service_->audit().verify()->first_broken.has_value());
  httplib::Client caller("127.0.0.1", port_);
  const auto ready = caller.Get("/readyz");
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready->status, 200);
  lose_database();
  ASSERT_TRUE(is_up(3)) << "as often as it happens";
  end();
  EXPECT_TRUE(ended_);
}

}  // namespace
}  // namespace fenqun::api
