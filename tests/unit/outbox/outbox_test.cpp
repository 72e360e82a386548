#include "outbox/outbox.hpp"

#include "outbox/adapter.hpp"
#include "unit/segment/wide_fixture.hpp"
#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <optional>

namespace fenqun::outbox {
namespace {

TEST(OutboxSignature, IsTheHmacThatOthersCompute) {
  // RFC 4231, test case 2.
  EXPECT_EQ(signature("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(OutboxChannels, WaitTwiceAsLongEachTime) {
  ChannelSet channels;
  channels.first_wait_s = 30;
  channels.longest_wait_s = 100;
  EXPECT_EQ(channels.wait_s(1), 30);
  EXPECT_EQ(channels.wait_s(2), 60);
  EXPECT_EQ(channels.wait_s(3), 100);
  EXPECT_EQ(channels.wait_s(99), 100);
}

TEST(OutboxChannels, ThatShipWriteFiles) {
  const auto channels = read_channels(AssetStore(), "/ws");
  ASSERT_TRUE(channels.has_value()) << channels.error().line.key;
  EXPECT_EQ(channels->channels.size(), 7U);
  for (const auto& [name, channel] : channels->channels) {
    EXPECT_EQ(channel.adapter, Adapter::FileDrop);
    EXPECT_EQ(channel.folder, "/ws/outbox/" + name);
  }
}

class Outbox : public segment::WideTest {
 protected:
  void SetUp() override {
    make_wide("SELECT DATE '2026-06-01' AS as_of, '1' AS customer_id");
    workspace_.emplace(open(1));
    for (int n = 1; n <= 3; ++n) {
      sql("INSERT INTO notice VALUES ('n" + std::to_string(n) +
          "', 'o', '1', 'sms', '138', '你好', 'queued', 0, TIMESTAMP "
          "'2026-07-0" +
          std::to_string(n) + " 08:00', NULL, now(), now())");
    }
    Channel files;
    files.adapter = Adapter::FileDrop;
    files.folder = path() / "drop";
    channels_.channels["sms"] = files;
  }
  void sql(const std::string& statement) {
    const auto done = workspace_->connection().execute(statement);
    ASSERT_TRUE(done.has_value()) << statement << ": " << done.error().arg("reason");
  }
  std::string states() {
    const auto found = workspace_->connection().query("SELECT string_agg(state, ' ' ORDER BY notice_id) FROM notice");
    return found ? found->text(0, 0) : "";
  }
  static SendRequest request(const std::string& now = "2026-07-02 12:00:00") {
    SendRequest out;
    out.now = now;
    return out;
  }
  SendOutcome send(const SendRequest& wanted) {
    auto done = send_due(*workspace_, channels_, wanted);
    EXPECT_TRUE(done.has_value()) << done.error().line.key << done.error().arg("reason");
    return done ? std::move(*done) : SendOutcome();
  }
  std::optional<warehouse::Workspace> workspace_;
  ChannelSet channels_;
};

TEST_F(Outbox, SendsWhatIsDueAndNothingElse) {
  const auto done = send(request());
  EXPECT_EQ(done.channels.at("sms").sent, 2);
  EXPECT_EQ(states(), "sent sent queued");
  EXPECT_TRUE(send(request()).channels.empty());
}

TEST_F(Outbox, KnowsQuietHoursOverMidnight) {
  channels_.loud = {"sms"};
  auto night = request("2026-07-02 22:00:00");
  night.quiet_from = "21:00";
  night.quiet_to = "08:00";
  EXPECT_EQ(send(night).channels.at("sms").quiet, 2);
  night.now = "2026-07-02 07:59:00";
  EXPECT_EQ(send(night).channels.at("sms").quiet, 1);
  night.now = "2026-07-02 08:00:00";
  EXPECT_EQ(send(night).channels.at("sms").sent, 2);
}

TEST_F(Outbox, PutsRightWhatAnEarlierRunLeftInTheMiddle) {
  const auto there = path() / "there.jsonl";
  std::ofstream(there) << "x";
  sql("UPDATE notice SET state = 'sending', attempts = 1");
  sql("INSERT INTO notice_attempt VALUES ('n1', 1, now(), 'file_drop', 'begun', '" + there.string() +
      "'), ('n2', 1, now(), 'file_drop', 'begun', '/no/such/file'), ('n3', 1, now(), 'smtp', 'begun', NULL)");
  channels_.channels["sms"].adapter = Adapter::Smtp;
  auto nothing = request("2026-07-01 00:00:00");
  nothing.limit = 1;
  send(nothing);
  EXPECT_EQ(states(), "sent queued unsure");
}

TEST_F(Outbox, SendsAgainOnlyWhatWasGivenUp) {
  EXPECT_EQ(retry(*workspace_, "n1", "2026-07-02 12:00:00").error().line.key, "outbox.no_retry");
  EXPECT_EQ(retry(*workspace_, "n9", "2026-07-02 12:00:00").error().line.key, "outbox.no_notice");
  sql("UPDATE notice SET state = 'unsure' WHERE notice_id = 'n1'");
  EXPECT_TRUE(retry(*workspace_, "n1", "2026-07-02 12:00:00").has_value());
  EXPECT_EQ(states(), "queued queued queued");
}

TEST_F(Outbox, TakesReceiptsOnceAndOfWhatWasSent) {
  EXPECT_EQ(take_receipt(*workspace_, "n1", true, "", "2026-07-02 12:00:00").error().line.key, "outbox.never_sent");
  channels_.channels["sms"].receipts = true;
  send(request());
  EXPECT_EQ(states(), "awaiting awaiting queued");
  EXPECT_TRUE(take_receipt(*workspace_, "n1", false, "switched off", "2026-07-02 12:01:00").has_value());
  EXPECT_TRUE(take_receipt(*workspace_, "n1", false, "switched off", "2026-07-02 12:02:00").has_value());
  EXPECT_EQ(take_receipt(*workspace_, "n1", true, "", "2026-07-02 12:03:00").error().line.key, "outbox.other_receipt");
  EXPECT_EQ(states(), "undelivered awaiting queued");
}

TEST_F(Outbox, LosesNothingWhereAFolderCannotBeWritten) {
  std::ofstream(path() / "drop") << "a file in the way";
  const auto done = send_due(*workspace_, channels_, request());
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(states(), "queued queued queued");
}

TEST_F(Outbox, RefusesRecipientsThatAreNoMailAddress) {
  Channel mail;
  mail.adapter = Adapter::Smtp;
  mail.host = "127.0.0.1";
  mail.port = 9;
  Sender sender(mail);
  EXPECT_EQ(sender.send({"n1", "email", "a@b.c\r\nBcc: x@y.z", "text"}, 0).reply, Reply::Refused);
}

}  // namespace
}  // namespace fenqun::outbox
