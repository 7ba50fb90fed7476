package io.espalier.service.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.espalier.service.RunService;
import io.espalier.service.RunState;
import io.espalier.service.notice.NoticeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Board and alerts of docs/deploy read metrics that a service has. */
class MonitoringFilesTest {
  private static final Path DEPLOY = Path.of("..", "..", "docs", "deploy");
  private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_]+)(?:\\{([^}]*)\\})? ");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=");
  private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on|ignoring) \\(([^)]*)\\)");
  private static final Pattern METRIC = Pattern.compile("[a-z_]{3,}(?![a-z_]* *\\()");
  private static final Pattern VALUES = Pattern.compile("label_values\\(([a-z_]+), ([a-z]+)\\)");
  private static final String BROKEN_RULE =
      "      - { alert: Broken, expr: 'sum by (run espalier_run_step' }\n";
  private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "offset", "Inf");

  /** Prometheus adds it to each sample. */
  private static final String INSTANCE = "instance";

  private static final Path RESOURCES = Path.of("src", "test", "resources", "monitoring");

  @TempDir private static Path directory;
  private static String scrape = "";

  @BeforeAll
  static void scrape() throws Exception {
    try (ScrapedService served = ScrapedService.start(directory, notices())) {
      RunService service = served.service();
      TestService.await(service, TestService.submit(service, "ends", 3), RunState.FINISHED);
      for (String name : List.of("held-text", "held-worrying")) {
        String held = TestService.submit(service, name, 5);
        TestService.await(service, held, status -> status.reached().step() == 4);
      }
      served.get("/v1/runs");
      scrape = served.metrics();
    }
  }

  /** A destination that asks for nothing. */
  private static NoticeSettings notices() {
    NoticeSettings.Mail mail =
        new NoticeSettings.Mail(
            "127.0.0.1",
            25,
            NoticeSettings.Security.NONE,
            Optional.empty(),
            "a@example.org",
            List.of("b@example.org"),
            Optional.empty());
    return new NoticeSettings(
        List.of(new NoticeSettings.Destination("team", Set.of(), mail)),
        Optional.empty(),
        NoticeSettings.Retry.DEFAULT);
  }

  @AfterAll
  static void forget() {
    scrape = "";
  }

  @Test
  void scrape_hasTheWaitsOfRuns_andTheWritesOfTheJournal() {
    assertThat(scrape)
        .contains(
            "espalier_queue_wait_seconds_count 3\n",
            "espalier_queue_wait_seconds_bucket{le=\"60.0\"} 3\n",
            "espalier_journal_pending 0.0",
            "espalier_journal_lag_seconds 0.0")
        .containsPattern("espalier_journal_write_seconds_count [1-9]");
  }

  @Test
  void board_readsMetricsThatThereAre() throws IOException {
    JsonNode board = board();

    assertThat(board.findValuesAsText("expr")).hasSizeGreaterThan(30);
    assertThat(unknown(board)).isEmpty();
  }

  @Test
  void board_isADashboardOfGrafana() throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(Files.readString(RESOURCES.resolve("grafana-board.schema.json")));

    assertThat(schema.validate(board())).isEmpty();
    assertThat(ids(board())).doesNotHaveDuplicates();
    ObjectNode misspelt = board();
    ((ObjectNode) misspelt.at("/panels/1")).put("descripton", "what it shows");
    assertThat(schema.validate(misspelt)).isNotEmpty();
  }

  @Test
  void panels_ofTheBoard_overlapNowhere() throws IOException {
    Set<String> taken = new HashSet<>();
    for (JsonNode panel : board().path("panels")) {
      JsonNode at = panel.path("gridPos");
      for (int x = at.path("x").asInt(); x < at.path("x").asInt() + at.path("w").asInt(); x++) {
        for (int y = at.path("y").asInt(); y < at.path("y").asInt() + at.path("h").asInt(); y++) {
          assertThat(taken.add(x + "," + y)).as(panel.path("title").asText()).isTrue();
          assertThat(x).as(panel.path("title").asText()).isLessThan(24);
        }
      }
    }
  }

  @Test
  void variables_ofTheBoard_readMetricsThatThereAre_andAreUsed() throws IOException {
    List<String> expressions = board().findValuesAsText("expr");

    for (JsonNode variable : board().at("/templating/list")) {
      Matcher values = VALUES.matcher(variable.path("definition").asText());
      if (values.matches()) {
        assertThat(names()).contains(values.group(1));
        assertThat(labels()).contains(values.group(2));
        assertThat(expressions).anyMatch(each -> each.contains("=~\"$run\""));
      } else {
        assertThat(variable.path("type").asText()).isEqualTo("datasource");
      }
    }
  }

  @Test
  void expressions_ofTheBoard_areParsedByPrometheus() throws Exception {
    List<Map<String, String>> rules = new ArrayList<>();
    for (String expression : board().findValuesAsText("expr")) {
      String text = expression.replace("$run", ".+");
      rules.add(Map.of("record", "board:panel" + rules.size(), "expr", text));
    }
    Path file = directory.resolve("board.yaml");
    new ObjectMapper(new YAMLFactory())
        .writeValue(
            file.toFile(), Map.of("groups", List.of(Map.of("name", "board", "rules", rules))));

    assertThat(Promtool.run("check", "rules", file.toString()))
        .contains("SUCCESS: %d rules found".formatted(rules.size()));
  }

  @Test
  void alerts_areParsedByPrometheus_whichRefusesOthers() throws Exception {
    String text = Files.readString(DEPLOY.resolve("alerts.yaml"));
    Path broken = Files.writeString(directory.resolve("broken.yaml"), text + BROKEN_RULE);

    assertThat(Promtool.run("check", "rules", DEPLOY.resolve("alerts.yaml").toString()))
        .contains("SUCCESS");
    assertThat(Promtool.run("check", "rules", broken.toString())).contains("FAILED");
  }

  @Test
  void alerts_comeWhenTheyShould() throws Exception {
    assertThat(Promtool.run("test", "rules", RESOURCES.resolve("alerts.test.yaml").toString()))
        .contains("SUCCESS")
        .doesNotContain("FAILED");
  }

  @Test
  void alerts_readMetricsThatThereAre_andSayWhatIsWrong() throws IOException {
    JsonNode rules =
        new ObjectMapper(new YAMLFactory())
            .readTree(DEPLOY.resolve("alerts.yaml").toFile())
            .path("groups");

    assertThat(rules.findValues("expr")).hasSizeGreaterThan(12);
    assertThat(rules)
        .flatMap(group -> group.path("rules").valueStream().toList())
        .allSatisfy(
            rule -> {
              assertThat(rule.path("alert").asText()).startsWith("Espalier");
              assertThat(rule.at("/annotations/summary").asText()).isNotEmpty();
              assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning", "info");
            });
    assertThat(unknown(rules)).isEmpty();
  }

  @Test
  void metrics_ofTheService_areDocumented() throws IOException {
    String text = Files.readString(Path.of("..", "..", "docs", "service.md"));

    assertThat(names())
        .filteredOn(name -> name.startsWith("espalier_"))
        .extracting(name -> name.replaceAll("_(bucket|count|sum|max)$", ""))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(text).contains("`" + name));
  }

  private static ObjectNode board() throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(DEPLOY.resolve("grafana.json").toFile());
  }

  private static List<Integer> ids(JsonNode board) {
    List<Integer> ids = new ArrayList<>();
    board.path("panels").forEach(panel -> ids.add(panel.path("id").asInt()));
    return ids;
  }

  /** The words of all expressions that are neither metrics and labels of the scrape nor PromQL. */
  private static Set<String> unknown(JsonNode file) {
    Set<String> unknown = new HashSet<>();
    Set<String> labels = labels();
    for (String expression : file.findValuesAsText("expr")) {
      LABEL.matcher(expression).results().forEach(each -> unknown.add(each.group(1)));
      Matcher grouping = GROUPING.matcher(expression);
      while (grouping.find()) {
        unknown.addAll(List.of(grouping.group(1).split(", ")));
      }
      unknown.removeAll(labels);
      Set<String> read =
          METRIC
              .matcher(grouping.replaceAll("").replaceAll("\\{[^}]*\\}|\\[[^\\]]*\\]", ""))
              .results()
              .map(each -> each.group())
              .filter(word -> !OPERATORS.contains(word))
              .collect(Collectors.toSet());
      assertThat(read).as(expression).isNotEmpty();
      unknown.addAll(read);
    }
    unknown.removeAll(names());
    return unknown;
  }

  private static Set<String> names() {
    return SAMPLE.matcher(scrape).results().map(each -> each.group(1)).collect(Collectors.toSet());
  }

  private static Set<String> labels() {
    Set<String> labels = new HashSet<>(Set.of(INSTANCE));
    SAMPLE
        .matcher(scrape)
        .results()
        .filter(each -> each.group(2) != null)
        .flatMap(each -> LABEL.matcher(each.group(2)).results())
        .forEach(each -> labels.add(each.group(1)));
    return labels;
  }
}
