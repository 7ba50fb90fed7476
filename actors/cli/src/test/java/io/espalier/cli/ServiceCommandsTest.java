package io.espalier.cli;

import static io.espalier.service.client.ScriptedService.json;
import static io.espalier.service.client.ScriptedService.problem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.service.client.ScriptedService;
import io.espalier.service.client.Statuses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceCommandsTest {
  private static final String RUNS = "GET /v1/runs";
  private static final String RUN = "GET /v1/runs/pear-1";
  private static final String SUBMIT = "POST /v1/runs";
  private static final String FILES = RUN + "/artifacts";
  private static final String LISTED =
      "[{\"name\":\"summary.json\",\"bytes\":2},{\"name\":\"model.safetensors\",\"bytes\":1234567}]";

  @TempDir private Path directory;
  private ScriptedCommands commands;
  private ScriptedService service;

  @BeforeEach
  void start() throws IOException {
    commands = ScriptedCommands.in(directory);
    service = commands.service();
  }

  @AfterEach
  void stop() {
    commands.close();
  }

  @Test
  void submit_shippedName_printsTheIdAloneAndWhatComesNext() throws IOException {
    service.on(
        SUBMIT, json(201, Statuses.status("pear-1", "queued", "\"waitsFor\":\"2 of 2 cores\"")));

    CommandRun run =
        commands.espalier("submit", "digits", "-D", "seed=7", "--priority", "3", "--key", "k");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo("pear-1\n");
    assertThat(run.err())
        .isEqualTo("queued; 2 of 2 cores; watch it with 'espalier watch pear-1'\n");
    assertThat(sent())
        .isEqualTo("{\"recipe\":\"digits\",\"overrides\":[\"seed=7\"],\"priority\":3}");
    assertThat(service.seen().get(0).key()).isEqualTo("k");
  }

  @Test
  void submit_file_isSentAsItIs() throws IOException {
    service.on(SUBMIT, json(201, Statuses.status("pear-1", "queued", "")));
    Path recipe = recipe("mine.conf", "include \"digits\"\n# mine\nseed = 5\n");

    assertThat(commands.espalier("submit", recipe.toString()).exitCode()).isZero();

    JsonNode sent = new ObjectMapper().readTree(sent());
    assertThat(sent.path("recipeText").asText()).isEqualTo(Files.readString(recipe));
    assertThat(sent.path("origin").asText()).isEqualTo("mine.conf");
    assertThat(service.seen().get(0).key()).hasSizeGreaterThan(30);
  }

  @Test
  void submit_fileThatIncludesAnother_isSentWhole() throws IOException {
    service.on(SUBMIT, json(201, Statuses.status("pear-1", "queued", "")));
    recipe("base.conf", "include \"digits\"\nseed = 5\n");
    Path recipe = recipe("mine.conf", "include \"base.conf\"\n");

    CommandRun run = commands.espalier("submit", recipe.toString(), "-D", "train.epochs=3");

    assertThat(run.exitCode()).isZero();
    JsonNode sent = new ObjectMapper().readTree(sent());
    assertThat(sent.path("recipeText").asText())
        .contains("seed = 5", "epochs = 3")
        .doesNotContain("include");
    assertThat(sent.path("overrides").isMissingNode()).isTrue();
  }

  @Test
  void submit_fileThatBreaksARule_isRefusedBeforeItIsSent() throws IOException {
    Path recipe = recipe("mine.conf", "include \"digits\"\nseeed = 5\n");

    CommandRun run = commands.espalier("submit", recipe.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("mine.conf:2", "did you mean seed?");
    assertThat(service.seen()).isEmpty();
  }

  @Test
  void submit_whatTheServiceRefuses_isToldWithTheLineOfTheFile() throws IOException {
    service.on(
        SUBMIT,
        json(
            422,
            "{\"problems\":[{\"path\":\"data.batch-size\",\"line\":1,\"message\":\"too"
                + " large\"}]}"));
    Path recipe = recipe("mine.conf", "include \"digits\"\n\ndata.batch-size = 64\n");

    CommandRun run = commands.espalier("submit", recipe.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("mine.conf:3: data.batch-size: too large");
  }

  @Test
  void submit_fullQuota_isASentence() {
    service.on(
        SUBMIT,
        problem(
            429,
            "at most 20 runs of owner=ci may be submitted within an hour: submitted=20; the next one may be at 2027-01-31T12:00:07Z"));

    CommandRun run = commands.espalier("submit", "digits");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("at most 20 runs of owner=ci may be submitted", "2027-01-31T12:00:07Z")
        .doesNotContain("{", "429");
    assertThat(service.seen()).hasSize(1);
  }

  @Test
  void submit_withoutService_saysHowToStartOne() {
    service.close();

    CommandRun run = commands.espalier("submit", "digits");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("no service at " + service.address(), "espalier serve");
  }

  @Test
  void runs_listsStateProgressAndWhatIsWaitedFor() {
    service.on(
        RUNS,
        json(
            200,
            Statuses.page(
                Statuses.running("pear-2"),
                Statuses.status("pear-1", "queued", "\"waitsFor\":\"memory\""))));

    CommandRun run = commands.espalier("runs");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .hasSize(3)
        .anyMatch(line -> line.matches("run +state +step +done +result +sparsity +age"))
        .anyMatch(line -> line.matches("pear-2 +running +120/500 +24% +87.50% +50.00% +\\d+d"))
        .anyMatch(line -> line.matches("pear-1 +queued +120 +- +- +- +\\d+d +memory"));
  }

  @Test
  void runs_filters_areSent() {
    service.on(RUNS, json(200, Statuses.page()));

    CommandRun run =
        commands.espalier("runs", "--state", "running,failed", "--name", "pear", "--limit", "3");

    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("leave them away to list all");
    assertThat(commands.espalier("runs").err()).contains("no runs yet", "espalier submit RECIPE");
    assertThat(service.seen().get(0).query()).isEqualTo("limit=3&state=running,failed&name=pear");
    assertThat(commands.espalier("runs", "--limit", "0").exitCode()).isEqualTo(2);
  }

  @Test
  void runs_stateInItsEarlierWord_isAskedForInThatOfToday() {
    service.on(RUNS, json(200, Statuses.page()));

    commands.espalier("runs", "--state", "completed");

    assertThat(service.seen().get(0).query()).contains("state=finished");
  }

  @Test
  void runs_ofOwners_areShownWithThem_andFiltered() {
    service.on(
        RUNS,
        json(
            200,
            Statuses.page(
                Statuses.status("pear-2", "queued", "\"owner\":\"ann\",\"project\":\"vision\""),
                Statuses.status("pear-1", "queued", "\"owner\":\"bob\",\"project\":\"default\""))));

    CommandRun run = commands.espalier("runs", "--owner", "ann", "--project", "a b");

    assertThat(run.out().lines())
        .anyMatch(line -> line.matches("pear-2 +queued .*d +ann/vision *"))
        .anyMatch(line -> line.matches("pear-1 +queued .*d +bob *"));
    assertThat(service.seen().get(0).query()).contains("owner=ann", "project=a%20b");
  }

  @Test
  void runs_one_isShownWithItsHistory() throws IOException {
    service.on(RUN, json(200, Statuses.running("pear-1")));
    service.on(
        RUN + "/history",
        json(
            200,
            "[{\"number\":1,\"time\":\"2026-01-02T03:04:05.6Z\",\"event\":\"submitted\",\"state\":\"queued\",\"detail\":\"by"
                + " somebody\"}]"));

    CommandRun run = commands.espalier("runs", "pear-1");
    JsonNode json =
        new ObjectMapper().readTree(commands.espalier("runs", "pear-1", "--json").out());

    assertThat(run.out())
        .containsPattern("state +running")
        .containsPattern("step +120/500 24%")
        .containsPattern("2026-01-02T03:04:05Z +submitted +queued +by somebody");
    assertThat(json.at("/new").asText()).isEqualTo("field");
    assertThat(json.at("/history/0/event").asText()).isEqualTo("submitted");
  }

  @Test
  void runs_unknownRun_suggestsTheNearest() {
    service.on(RUNS, json(200, Statuses.page(Statuses.running("pear-1"))));

    CommandRun run = commands.espalier("runs", "paer-1");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("RUN=paer-1", "did you mean pear-1?");
  }

  @Test
  void runs_wrongToken_saysWhereTokensComeFrom() {
    service.on(RUNS, problem(401, "a token must be one of this service"));

    CommandRun run = commands.espalier("runs");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--token-file", "ESPALIER_TOKEN").doesNotContain("secret");
  }

  @Test
  void pause_severalRuns_goesOnAfterARefusal() {
    service.on(RUNS, json(200, Statuses.page(Statuses.running("pear-1"))));
    service.on(RUN, json(200, Statuses.running("pear-1")));
    service.on("POST /v1/runs/pear-1/pause", json(202, Statuses.status("pear-1", "pausing", "")));

    CommandRun run = commands.espalier("pause", "apple", "pear");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEqualTo("pausing    pear-1 at step 120\n");
    assertThat(run.err()).contains("RUN=apple");
  }

  @Test
  void pause_wait_returnsWhenTheRunHasPaused() {
    service.on(
        RUN,
        json(200, Statuses.running("pear-1")),
        json(200, Statuses.status("pear-1", "pausing", "")),
        json(200, Statuses.status("pear-1", "paused", "")));
    service.on("POST /v1/runs/pear-1/pause", json(202, Statuses.status("pear-1", "pausing", "")));

    CommandRun run = commands.espalier("pause", "pear-1", "--wait");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("paused ");
  }

  @ParameterizedTest
  @CsvSource({"resume, resume, queued", "stop, cancel, cancelling"})
  void action_json_isAnArrayOfRuns(String command, String action, String state) throws IOException {
    service.on(RUN, json(200, Statuses.running("pear-1")));
    service.on("POST /v1/runs/pear-1/" + action, json(202, Statuses.status("pear-1", state, "")));

    CommandRun run = commands.espalier(command, "pear-1", "--json");

    assertThat(run.exitCode()).isZero();
    assertThat(new ObjectMapper().readTree(run.out()).at("/0/state").asText()).isEqualTo(state);
  }

  @Test
  void delete_endedRun_isDeletedForGood() {
    service.on(RUN, json(200, Statuses.status("pear-1", "finished", "")));
    service.on("DELETE /v1/runs/pear-1", json(204, ""));

    CommandRun run = commands.espalier("delete", "pear-1", "--yes");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo("deleted    pear-1\n");
  }

  @Test
  void delete_withoutATerminalOrYes_deletesNothing() {
    service.on(RUN, json(200, Statuses.status("pear-1", "finished", "")));

    CommandRun run = commands.espalier("delete", "pear-1");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--yes");
    assertThat(service.seen()).noneMatch(seen -> seen.request().startsWith("DELETE"));
  }

  @Test
  void delete_runThatHasNotEnded_isRefusedBeforeAnyIsDeleted() {
    service.on(RUN, json(200, Statuses.status("pear-1", "finished", "")));
    service.on("GET /v1/runs/pear-2", json(200, Statuses.running("pear-2")));

    CommandRun run = commands.espalier("delete", "pear-1", "pear-2", "--yes");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("RUN=pear-2, state=running", "espalier stop pear-2");
    assertThat(service.seen()).noneMatch(seen -> seen.request().startsWith("DELETE"));
  }

  @Test
  void fetch_withoutFile_listsWhatThereIs() {
    service.on(RUN, json(200, Statuses.status("pear-1", "finished", "")));
    service.on(FILES, json(200, LISTED));

    CommandRun run = commands.espalier("fetch", "pear-1");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .anyMatch(line -> line.matches("summary.json +2"))
        .anyMatch(line -> line.matches("model.safetensors +1,234,567"));
  }

  @Test
  void fetch_pattern_bringsWhatFits() {
    service.on(RUN, json(200, Statuses.status("pear-1", "finished", "")));
    service.on(FILES, json(200, LISTED));
    service.on(
        FILES + "/summary.json",
        exchange -> {
          exchange
              .getResponseHeaders()
              .set("Repr-Digest", "sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:");
          json(200, "{}").answer(exchange);
        });
    Path out = directory.resolve("out");

    CommandRun run = commands.espalier("fetch", "pear-1", "*.json", "-o", out.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo("fetched   " + out.resolve("summary.json") + "\n");
    assertThat(out.resolve("summary.json")).hasContent("{}");
  }

  @Test
  void fetch_unknownFile_suggestsTheNearest() {
    service.on(RUN, json(200, Statuses.status("pear-1", "finished", "")));
    service.on(FILES, json(200, LISTED));

    CommandRun run = commands.espalier("fetch", "pear-1", "sumary.json");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("FILE=sumary.json", "did you mean summary.json?");
  }

  @Test
  void report_ofAService_isALinkForABrowser() {
    service.on(RUN, json(200, Statuses.status("pear-1", "finished", "")));
    service.on(FILES, json(200, "[{\"name\":\"report.html\",\"bytes\":9}]"));
    service.on(
        "POST /v1/runs/pear-1/report-link",
        json(200, "{\"url\":\"/v1/runs/pear-1/report/9-x\",\"expires\":\"2026-01-02T03:14:05Z\"}"));

    CommandRun run = commands.espalier("report", "pear-1");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualTo("report    " + service.address() + "/v1/runs/pear-1/report/9-x\n");
    assertThat(run.err()).contains("until 2026-01-02T03:14:05Z");
  }

  @Test
  void report_ofARunWithoutOne_isRefused() {
    service.on(RUN, json(200, Statuses.running("pear-1")));
    service.on(FILES, json(200, LISTED));

    CommandRun run = commands.espalier("report", "pear-1");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("must have ended", "summary.json", "espalier watch pear-1");
  }

  private String sent() {
    return service.seen().get(0).body();
  }

  private Path recipe(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
