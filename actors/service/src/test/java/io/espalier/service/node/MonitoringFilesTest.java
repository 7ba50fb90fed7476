package io.espalier.service.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.espalier.service.RunService;
import io.espalier.service.RunState;
import io.espalier.service.api.HttpApi;
import io.espalier.service.api.NodeFiles;
import io.espalier.service.api.ServiceDescription;
import io.espalier.service.data.DataRoom;
import io.espalier.service.data.DataSets;
import io.espalier.service.http.HttpSettings;
import io.espalier.service.http.Tokens;
import io.espalier.service.notice.NoticeSettings;
import io.espalier.telemetry.kafka.Backlog;
import io.espalier.telemetry.live.LiveFeed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
  private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");
  private static final Pattern METRIC = Pattern.compile("[a-z_]{3,}(?![a-z_]* *\\()");
  private static final Set<String> OPERATORS = Set.of("and", "unless");

  /** Prometheus adds it to each sample. */
  private static final String INSTANCE = "instance";

  @TempDir private static Path directory;
  private static String scrape = "";

  @BeforeAll
  static void scrape() throws Exception {
    try (ServiceNode node =
            ServiceNode.start(
                TestService.settings(directory).withNotices(notices()),
                system -> new FakeLauncher(1));
        HttpApi api =
            new HttpApi(
                node.system(),
                HttpSettings.loopback(0),
                new HttpApi.Parts(
                    node.service(),
                    Tokens.open(directory, InstantSource.system()),
                    () -> CompletableFuture.completedFuture(description()),
                    () -> LiveFeed.start(Optional::empty, Clock.systemUTC()),
                    new NodeFiles(directory, node.runs(), Backlog.of(directory)),
                    DataSets.open(
                        directory.resolve("data"),
                        "n1",
                        DataRoom.Limits.DEFAULT,
                        InstantSource.system()),
                    node::backUpJournal,
                    node.meters()))) {
      RunService service = node.service();
      TestService.await(service, TestService.submit(service, "ends", 3), RunState.FINISHED);
      get(api, "/v1/runs");
      scrape = get(api, "/metrics");
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
            "espalier_queue_wait_seconds_count 1\n",
            "espalier_queue_wait_seconds_bucket{le=\"60.0\"} 1\n",
            "espalier_journal_pending 0.0",
            "espalier_journal_lag_seconds 0.0")
        .containsPattern("espalier_journal_write_seconds_count [1-9]");
  }

  @Test
  void board_readsMetricsThatThereAre() throws IOException {
    JsonNode board = new ObjectMapper().readTree(DEPLOY.resolve("grafana.json").toFile());

    assertThat(board.findValuesAsText("expr")).hasSizeGreaterThan(20);
    assertThat(unknown(board)).isEmpty();
  }

  @Test
  void alerts_readMetricsThatThereAre_andSayWhatIsWrong() throws IOException {
    JsonNode rules =
        new ObjectMapper(new YAMLFactory())
            .readTree(DEPLOY.resolve("alerts.yaml").toFile())
            .at("/groups/0/rules");

    assertThat(rules).hasSizeGreaterThan(5);
    assertThat(rules)
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

  private static ServiceDescription description() {
    return new ServiceDescription(
        "0.1", "n1", List.of(new ServiceDescription.Node("n1", 2, 2, 2_048, 2_048)), 0, 0);
  }

  private static String get(HttpApi api, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(api.uri() + path)).build(), BodyHandlers.ofString())
        .body();
  }
}
