// The object cache: hits and misses, and files that are not exactly what was written.
#include "compiler/llvm/object_cache.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "runtime/abi.h"
#include "tests/faults.h"
#include "tests/llvm/engines.h"

namespace lictor::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPolicy = R"(
module t
request R { level: int }
decision gate(r: R) {
  default deny "low"
  allow high: "level {r.level}" if r.level > LIMIT.
}
)";

std::shared_ptr<const Plan> policy(const std::string& limit) {
  std::string text = kPolicy;
  text.replace(text.find("LIMIT"), 5, limit);
  return plan_of(text);
}

class CacheTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "lictor_cache_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
    folder_ = root_ + "/objects";
  }
  void TearDown() override { fs::remove_all(root_); }

  std::shared_ptr<const NativeCode> compile(const Plan& plan, int optimize = 2) {
    JitOptions options;
    options.abi = abi_symbols();
    options.cache_dir = folder_;
    options.optimize = optimize;
    auto code = compile_native(plan, options);
    EXPECT_TRUE(code) << code.error().message;
    return code ? *code : nullptr;
  }

  std::vector<fs::path> files() const {
    std::vector<fs::path> out;
    for (const auto& entry : fs::directory_iterator(folder_)) out.push_back(entry.path());
    return out;
  }

  std::string root_, folder_;
};

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_bytes(const fs::path& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

TEST_F(CacheTest, TheSecondTimeIsRead) {
  auto plan = policy("3");
  EXPECT_FALSE(compile(*plan)->from_cache());
  EXPECT_TRUE(compile(*plan)->from_cache());
  ASSERT_EQ(files().size(), 1u);
  struct stat info{};
  ASSERT_EQ(::stat(files()[0].c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  ASSERT_EQ(::stat(folder_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
  EXPECT_TRUE(compile(*policy("3"))->from_cache());  // another plan of the same text
}

TEST_F(CacheTest, OtherCodeHasAnotherKey) {
  compile(*policy("3"));
  EXPECT_FALSE(compile(*policy("4"))->from_cache());
  EXPECT_FALSE(compile(*policy("3"), 0)->from_cache());
  EXPECT_TRUE(compile(*policy("3"))->from_cache());
}

TEST_F(CacheTest, FactsAreNotPartOfTheKey) {
  auto with_rows = [](const std::string& rows) {
    return plan_of("module t\nrelation p(a: string, b: int) key(a) {" + rows +
                   "}\nrequest R { a: string }\ndecision gate(r: R) { default deny \"no\" allow x: \"x\" if p(r.a, n), "
                   "n > 3. }\n");
  };
  compile(*with_rows(" (\"k\", 1) "));
  ASSERT_TRUE(compile(*with_rows(" (\"k\", 1) (\"other\", 9) "))->from_cache());
}

TEST_F(CacheTest, AFlippedBitIsNoHit) {
  auto plan = policy("3");
  compile(*plan);
  fs::path file = files()[0];
  std::string sound = bytes_of(file);
  native::ObjectCache cache(folder_);
  auto key = native::fingerprint(*plan, 2);
  ASSERT_TRUE(key);
  ASSERT_TRUE(cache.load(*key));
  size_t flips = 0;
  for (size_t at = 0; at < sound.size(); at += at < 256 ? 1 : 7) {
    std::string flipped = sound;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    write_bytes(file, flipped);
    ASSERT_FALSE(cache.load(*key)) << "byte " << at;
    ++flips;
  }
  EXPECT_GT(flips, 300u);
  EXPECT_FALSE(compile(*plan)->from_cache());  // rebuilt, and kept anew
  EXPECT_TRUE(compile(*plan)->from_cache());
  EXPECT_EQ(bytes_of(file), sound);
}

// docs/faults.md, P22: bits all over the file, header and code, several at once too.
TEST_F(CacheTest, P22_FlippedBitsAreNeverExecuted) {
  std::mt19937_64 random(fault_seed("P22", 22));
  auto plan = policy("3");
  compile(*plan);
  fs::path file = files()[0];
  std::string sound = bytes_of(file);
  native::ObjectCache cache(folder_);
  auto key = native::fingerprint(*plan, 2);
  ASSERT_TRUE(key);
  uint64_t loaded = 0, flips = fault_rounds(500, 10'000);
  for (uint64_t i = 0; i < flips; ++i) {
    std::string flipped = sound;
    for (uint64_t bits = 1 + (i % 4 == 0 ? random() % 8 : 0); bits > 0; --bits) {
      // half of them in the header, where the checks themselves stand
      size_t at = random() % (i % 2 == 0 ? std::min<size_t>(sound.size(), 128) : sound.size());
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << random() % 8));
    }
    if (flipped == sound) continue;
    write_bytes(file, flipped);
    loaded += cache.load(*key) ? 1 : 0;
    if (i % 100 == 0) {
      EXPECT_FALSE(compile(*plan)->from_cache()) << "flip " << i;  // and what is made instead works
    }
  }
  EXPECT_EQ(loaded, 0u) << "of " << flips;
  write_bytes(file, sound);
  EXPECT_TRUE(cache.load(*key));
}

TEST_F(CacheTest, ATruncatedOrExtendedFileIsNoHit) {
  auto plan = policy("3");
  compile(*plan);
  fs::path file = files()[0];
  std::string sound = bytes_of(file);
  native::ObjectCache cache(folder_);
  auto key = native::fingerprint(*plan, 2);
  for (size_t size : {size_t{0}, size_t{7}, size_t{71}, size_t{72}, sound.size() / 2, sound.size() - 1}) {
    write_bytes(file, sound.substr(0, size));
    EXPECT_FALSE(cache.load(*key)) << size;
  }
  write_bytes(file, sound + "x");
  EXPECT_FALSE(cache.load(*key));
  write_bytes(file, sound);
  EXPECT_TRUE(cache.load(*key));
}

TEST_F(CacheTest, AnotherPlansFileIsNoHit) {
  auto plan = policy("3");
  auto other = policy("4");
  compile(*plan);
  compile(*other);
  native::ObjectCache cache(folder_);
  auto key = native::fingerprint(*plan, 2);
  auto other_key = native::fingerprint(*other, 2);
  fs::copy_file(cache.path(*other_key), cache.path(*key), fs::copy_options::overwrite_existing);
  EXPECT_FALSE(cache.load(*key));
}

TEST_F(CacheTest, WhatOthersMayWriteIsNoHit) {
  auto plan = policy("3");
  compile(*plan);
  fs::path file = files()[0];
  native::ObjectCache cache(folder_);
  auto key = native::fingerprint(*plan, 2);
  ::chmod(file.c_str(), 0620);
  EXPECT_FALSE(cache.load(*key));
  ::chmod(file.c_str(), 0600);
  ::chmod(folder_.c_str(), 0770);
  EXPECT_FALSE(cache.load(*key));
  ::chmod(folder_.c_str(), 0700);
  EXPECT_TRUE(cache.load(*key));
  fs::path moved = root_ + "/moved.o";
  fs::rename(file, moved);
  fs::create_symlink(moved, file);
  EXPECT_FALSE(cache.load(*key));
  if (::geteuid() != 0) return;  // only root may give files away
  fs::remove(file);
  fs::rename(moved, file);
  ASSERT_EQ(::chown(file.c_str(), 12345, 12345), 0);
  EXPECT_FALSE(cache.load(*key));
}

TEST_F(CacheTest, AFolderThatCannotBeWrittenIsNoFailure) {
  std::ofstream(root_ + "/file") << "in the way";
  folder_ = root_ + "/file/objects";
  EXPECT_FALSE(compile(*policy("3"))->from_cache());
  EXPECT_FALSE(compile(*policy("3"))->from_cache());
}

TEST_F(CacheTest, OldObjectsGo) {
  native::ObjectCache cache(folder_);
  for (int i = 0; i < 150; ++i) {
    native::Digest key{};
    key[0] = static_cast<uint8_t>(i);
    cache.store(key, "object " + std::to_string(i));
  }
  EXPECT_EQ(files().size(), 128u);
  native::Digest last{};
  last[0] = 149;
  EXPECT_EQ(cache.load(last), "object 149");
}

}  // namespace
}  // namespace lictor::testing
