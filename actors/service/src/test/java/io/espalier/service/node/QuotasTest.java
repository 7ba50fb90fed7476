package io.espalier.service.node;

import static io.espalier.service.node.ServedNode.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.service.Quota;
import io.espalier.service.RunState;
import io.espalier.service.Scope;
import io.espalier.service.http.AccessTokens;
import io.espalier.service.http.Role;
import io.espalier.service.http.TokenTerms;
import io.espalier.service.recorded.RecordedFiles;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Quotas and owners of a real node, over HTTP. */
@Timeout(300)
final class QuotasTest {
  private static final long ENDLESS = 100_000_000;
  private static final OptionalLong NONE = OptionalLong.empty();
  private static final OptionalLong ONE = OptionalLong.of(1);
  private static final Quota ONE_RUN = new Quota(ONE, NONE, NONE, NONE, NONE);

  @TempDir private Path directory;
  private AccessTokens tokens;

  @BeforeEach
  void open() throws Exception {
    tokens = AccessTokens.open(directory, InstantSource.system());
  }

  private String token(String owner, String project, Quota quota) throws Exception {
    return tokens.create(
        owner, TokenTerms.of(Role.MANAGE).of(owner, project).within(Scope.OWN).limited(quota));
  }

  @Test
  void runs_asManyAsTheQuota_are429_untilOneEnds_alsoAfterARestart() throws Exception {
    String ann = token("ann", "vision", ONE_RUN);
    String run;
    try (ServedNode node = ServedNode.start(directory, tokens)) {
      run = node.submitted(ann, "endless", ENDLESS);

      HttpResponse<String> full = node.submit(ann, "second", 1);

      assertThat(full.statusCode()).isEqualTo(429);
      assertThat(full.headers().firstValue("Retry-After")).isEmpty();
      assertThat(json(full).path("type").asText()).isEqualTo("urn:espalier:problem:quota-full");
      assertThat(json(full).path("detail").asText())
          .contains("at most 1 run of owner=ann", "unfinished=1", "when one of them ends");
      assertThat(json(full).path("quota").toString())
          .isEqualTo(
              "{\"rule\":\"runs\",\"owner\":\"ann\",\"limit\":1,\"used\":1,\"freedBy\":\"the end of"
                  + " one of the runs\"}");
    }
    try (ServedNode node = ServedNode.start(directory, tokens)) {
      HttpResponse<String> still = node.submit(ann, "second", 1);
      node.send("POST", "/v1/runs/" + run + "/cancel", ann);
      node.await(run, RunState.CANCELLED);

      assertThat(still.statusCode()).isEqualTo(429);
      assertThat(node.submit(ann, "second", 1).statusCode()).isEqualTo(201);
    }
  }

  @Test
  void submissions_asManyAsAnHourHas_are429WithTheirReset_alsoIfTheRunsAreDeleted()
      throws Exception {
    String ann = token("ann", "vision", new Quota(NONE, NONE, OptionalLong.of(2), NONE, NONE));
    Instant first;
    try (ServedNode node = ServedNode.start(directory, tokens)) {
      String one = node.submitted(ann, "one", 1);
      first = Instant.parse(node.json("GET", "/v1/runs/" + one, ann).path("submitted").asText());
      String two = node.submitted(ann, "two", 1);
      node.await(one, RunState.FINISHED);
      node.await(two, RunState.FINISHED);
      node.send("DELETE", "/v1/runs/" + one, ann);
      node.send("DELETE", "/v1/runs/" + two, ann);
    }
    try (ServedNode node = ServedNode.start(directory, tokens)) {
      // When
      HttpResponse<String> full = node.submit(ann, "three", 1);

      // Then
      JsonNode quota = json(full).path("quota");
      assertThat(full.statusCode()).isEqualTo(429);
      assertThat(quota.path("rule").asText()).isEqualTo("submissions-per-hour");
      assertThat(quota.path("used").asLong()).isEqualTo(2);
      assertThat(Instant.parse(quota.path("resets").asText())).isEqualTo(first.plusSeconds(3_600));
      assertThat(Long.parseLong(full.headers().firstValue("Retry-After").orElseThrow()))
          .isBetween(3_000L, 3_601L);
      assertThat(json(full).path("detail").asText()).contains("submitted=2", "the next one may be");
    }
  }

  @Test
  void submission_repeatedUnderAFullQuota_isTheEarlierRun_andKeysAreOfTheirOwners()
      throws Exception {
    String ann = token("ann", "vision", ONE_RUN);
    String bob = token("bob", "vision", ONE_RUN);
    try (ServedNode node = ServedNode.start(directory, tokens)) {
      HttpResponse<String> first = node.submit(keyed(node, ann), "endless", ENDLESS);
      HttpResponse<String> again = node.submit(keyed(node, ann), "endless", ENDLESS);
      HttpResponse<String> other = node.submit(keyed(node, ann), "other", ENDLESS);
      HttpResponse<String> foreign = node.submit(keyed(node, bob), "endless", ENDLESS);

      assertThat(first.statusCode()).isEqualTo(201);
      assertThat(again.statusCode()).isEqualTo(200);
      assertThat(json(again).path("run")).isEqualTo(json(first).path("run"));
      assertThat(other.statusCode()).isEqualTo(409);
      assertThat(json(other).path("detail").asText()).contains("key=nightly is");
      assertThat(foreign.statusCode()).isEqualTo(201);
      assertThat(json(foreign).path("owner").asText()).isEqualTo("bob");
    }
  }

  private static HttpRequest.Builder keyed(ServedNode node, String token) {
    return node.request("/v1/runs", token).header("Idempotency-Key", "nightly");
  }

  @Test
  void trainers_inUseAsTheQuotaAllows_letFurtherRunsWait_andOthersPass() throws Exception {
    String ann = token("ann", "vision", new Quota(NONE, ONE, NONE, NONE, NONE));
    String bob = token("bob", "vision", Quota.NONE);
    try (ServedNode node = ServedNode.start(directory, tokens)) {
      // Given
      String first = node.submitted(ann, "first", ENDLESS);
      node.await(first, RunState.RUNNING);
      String second = node.submitted(ann, "second", ENDLESS);
      String third = node.submitted(bob, "third", ENDLESS);

      // When
      node.await(third, RunState.RUNNING);
      JsonNode waiting = node.json("GET", "/v1/runs/" + second, ann);
      HttpResponse<String> large = node.submit(ann, "large", 1, "train.trainers=2");
      node.send("POST", "/v1/runs/" + first + "/cancel", ann);

      // Then
      assertThat(waiting.path("state").asText()).isEqualTo("queued");
      assertThat(waiting.path("waitsFor").asText())
          .isEqualTo("waits for 1 trainer of the quota of owner=ann: 1 of 1 in use");
      assertThat(large.statusCode()).isEqualTo(422);
      assertThat(large.body()).contains("train.trainers=2, quota of owner=ann=1");
      node.await(second, RunState.RUNNING);
    }
  }

  @Test
  void quota_ofAProject_holdsForItsOwnersTogether() throws Exception {
    tokens.limit("vision", ONE_RUN);
    String ann = token("ann", "vision", Quota.NONE);
    String bob = token("bob", "vision", Quota.NONE);
    String cid = token("cid", "speech", Quota.NONE);
    try (ServedNode node = ServedNode.start(directory, tokens)) {
      node.submitted(ann, "endless", ENDLESS);

      HttpResponse<String> full = node.submit(bob, "endless", ENDLESS);

      assertThat(full.statusCode()).isEqualTo(429);
      assertThat(json(full).at("/quota/project").asText()).isEqualTo("vision");
      assertThat(node.submit(cid, "endless", ENDLESS).statusCode()).isEqualTo(201);
    }
  }

  @Test
  void files_asManyAsTheQuota_are429_untilRunsAreDeleted() throws Exception {
    String ann = token("ann", "vision", new Quota(NONE, NONE, NONE, OptionalLong.of(5), NONE));
    try (ServedNode node = ServedNode.start(directory, tokens)) {
      String run = node.submitted(ann, "one", 4);
      node.await(run, RunState.FINISHED);

      HttpResponse<String> full = node.submit(ann, "two", 1);
      node.send("DELETE", "/v1/runs/" + run, ann);

      assertThat(full.statusCode()).isEqualTo(429);
      assertThat(json(full).at("/quota/rule").asText()).isEqualTo("run-bytes");
      assertThat(json(full).at("/quota/used").asLong()).isGreaterThan(5);
      assertThat(node.submit(ann, "two", 1).statusCode()).isEqualTo(201);
    }
  }

  @Test
  void dataSets_beyondTheQuota_are429_andLeaveNothing() throws Exception {
    String ann = token("ann", "vision", new Quota(NONE, NONE, NONE, NONE, OptionalLong.of(10)));
    String bob = token("bob", "vision", Quota.NONE);
    try (ServedNode node = ServedNode.start(directory, tokens)) {
      HttpResponse<String> fits = upload(node, ann, "one.csv", "123456");
      HttpResponse<String> full = upload(node, ann, "two.csv", "123456");
      HttpResponse<String> other = upload(node, bob, "bobs.csv", "123456");
      node.send("DELETE", "/v1/data/one.csv", ann);

      assertThat(fits.statusCode()).isEqualTo(201);
      assertThat(full.statusCode()).isEqualTo(429);
      assertThat(json(full).at("/quota/rule").asText()).isEqualTo("data-bytes");
      assertThat(json(full).at("/quota/used").asLong()).isEqualTo(12);
      assertThat(other.statusCode()).isEqualTo(201);
      assertThat(node.json("GET", "/v1/data", ann)).isEmpty();
      assertThat(upload(node, ann, "two.csv", "123456").statusCode()).isEqualTo(201);
    }
  }

  @Test
  void recipe_thatNamesADataSetOfAnotherOwner_isRefusedLikeOneWithoutIt() throws Exception {
    String ann = token("ann", "vision", Quota.NONE);
    String bob = token("bob", "vision", Quota.NONE);
    try (ServedNode node = ServedNode.start(directory, tokens)) {
      upload(node, bob, "bobs.csv", "x,y,label\n1,2,0\n2,3,1\n");

      HttpResponse<String> own = train(node, bob, "bobs.csv");
      HttpResponse<String> foreign = train(node, ann, "bobs.csv");
      HttpResponse<String> none = train(node, ann, "none.csv");
      HttpResponse<String> inside = train(node, ann, ".espalier/bobs.csv.json");
      HttpResponse<String> all = train(node, ann, ".");

      assertThat(own.statusCode()).as(own.body()).isEqualTo(201);
      assertThat(foreign.statusCode()).isEqualTo(422);
      assertThat(foreign.body()).isEqualTo(none.body().replace("none.csv", "bobs.csv"));
      assertThat(inside.statusCode()).isEqualTo(422);
      assertThat(all.statusCode()).isEqualTo(422);
    }
  }

  @Test
  void journal_ofAVersionWithoutOwners_hasRunsOfTheDefaultProject() throws Exception {
    RecordedFiles.service(directory);
    tokens.limit("default", ONE_RUN);
    String all = tokens.create("all", TokenTerms.of(Role.OPERATE));
    String own = token("ann", "default", Quota.NONE);
    String project = tokens.create("project", TokenTerms.of(Role.READ).within(Scope.PROJECT));
    try (ServedNode node = ServedNode.start(directory, tokens)) {
      // When
      JsonNode listed = node.json("GET", "/v1/runs", all);
      String failed = "/v1/runs/failed-20261128-081240-2";
      HttpResponse<String> hidden = node.send("GET", failed, own);
      HttpResponse<String> resumed = node.send("POST", failed + "/resume", all);

      // Then
      assertThat(listed.path("total").asInt()).isEqualTo(6);
      assertThat(listed.path("runs"))
          .allSatisfy(
              run -> {
                assertThat(run.has("owner")).isFalse();
                assertThat(run.path("project").asText()).isEqualTo("default");
              });
      assertThat(hidden.statusCode()).isEqualTo(404);
      assertThat(node.json("GET", "/v1/runs", own).path("total").asInt()).isZero();
      assertThat(node.json("GET", "/v1/runs", project).path("total").asInt()).isEqualTo(6);
      assertThat(resumed.statusCode()).isEqualTo(429);
      assertThat(json(resumed).at("/quota/used").asInt()).isEqualTo(2);
    }
  }

  private static HttpResponse<String> upload(
      ServedNode node, String token, String name, String text) throws Exception {
    return node.send(
        node.request("/v1/data/" + name, token)
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofString(text)));
  }

  private static HttpResponse<String> train(ServedNode node, String token, String path)
      throws Exception {
    return node.submitText(
        node.request("/v1/runs", token),
        "name = csv%ndata { kind = csv, path = \"%s\", label = label }%nmodel { kind = mlp, hidden = [3] }%ntrain { epochs = 1, trainers = 1 }"
            .formatted(path));
  }
}
