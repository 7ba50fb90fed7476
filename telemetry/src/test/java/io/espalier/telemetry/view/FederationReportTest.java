package io.espalier.telemetry.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent.ClientJoined;
import io.espalier.telemetry.event.FederationEvent.ClientReported;
import io.espalier.telemetry.event.FederationEvent.FederationDescribed;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.FederationEvent.UpdateRefused;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.SampleFederation;
import io.espalier.telemetry.event.SampleRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report says of a federation. */
final class FederationReportTest {
  private static final String ATTACK = "</script><script>alert('x')</script>{{data}}$1\\";
  private static final int MOST_CLIENTS = 500;

  @TempDir Path directory;
  private ReportFile report;

  @BeforeEach
  void open() {
    report = new ReportFile(directory);
  }

  @Test
  void write_federation_tellsRoundsTiersClientsAndRefusals() throws IOException {
    report.append(SampleFederation.events("meters"));

    JsonNode data = ReportFile.data(report.write());

    JsonNode federation = data.at("/run/parts/federation");
    assertThat(data.at("/run/parts/run/rounds").asInt()).isEqualTo(SampleFederation.ROUNDS);
    assertThat(data.at("/run/series/trainLoss/0")).hasSize(SampleFederation.ROUNDS);
    assertThat(federation.at("/asked/algorithm").asText()).isEqualTo("fedtiny");
    assertThat(federation.at("/chosen/candidate").asInt()).isEqualTo(2);
    assertThat(federation.at("/selection/rounds").asInt()).isEqualTo(2);
    assertThat(federation.at("/tiers"))
        .extracting(tier -> tier.path("density").asDouble())
        .containsExactly(1.0, 0.01, 0.02, 0.05);
    assertThat(federation.at("/tiers/0/width").asDouble()).isEqualTo(0.5);
    assertThat(federation.at("/tiers/0/clients").asInt()).isEqualTo(4);
    assertThat(data.at("/run/series").has("tier/1.0/0.5/accuracy")).isTrue();
    assertThat(data.at("/run/parts/clients")).hasSize(SampleFederation.CLIENTS);
    assertThat(federation.at("/clientCount").asInt()).isEqualTo(SampleFederation.CLIENTS);
    assertThat(data.at("/run/parts/refusals")).isNotEmpty();
  }

  @Test
  void write_federationBeforeItsFirstRound_isOneAlready() throws IOException {
    report.append(List.of(new FederationDescribed("fedavg", 9, 2, 1, 1, 1, "float32", List.of())));

    JsonNode data = ReportFile.data(report.write());

    assertThat(data.at("/run/parts/run/rounds").asInt(-1)).isZero();
    assertThat(data.at("/run/parts/clients")).isEmpty();
    assertThat(data.at("/run/parts/federation/asked/rounds").asInt()).isEqualTo(9);
  }

  @Test
  void write_rounds_addUpToTheTraffic() throws IOException {
    report.append(
        List.of(
            round("norms", RoundCompleted.SELECTION, 0, 5),
            round("1", RoundCompleted.ORDINARY, 1, 7),
            round("2", RoundCompleted.ADJUSTMENT, 2, 9)));

    JsonNode data = ReportFile.data(report.write());

    assertThat(data.at("/run/parts/run/traffic")).hasToString("[42,2100]");
    assertThat(data.at("/run/series/bytes")).hasToString("[[1,2],[14.0,18.0]]");
    assertThat(data.at("/run/series/shareOfDense"))
        .hasToString("[[1,2],[0.02,0.025714285714285714]]");
    assertThat(data.at("/run/parts/federation/totals/bytesUp").asLong()).isEqualTo(21);
    assertThat(data.at("/run/parts/federation/selection/bytes").asLong()).isEqualTo(10);
    assertThat(data.at("/run/series/reported")).hasToString("[[1,2],[3.0,3.0]]");
  }

  @Test
  void write_resumedFederation_countsEveryRoundAndReportOnce() throws IOException {
    report.append(
        List.of(
            round("norms", RoundCompleted.SELECTION, 0, 1),
            round("1", RoundCompleted.ORDINARY, 1, 2),
            report("2", 4.0),
            round("2", RoundCompleted.ORDINARY, 2, 99)));
    report.append(
        List.of(new RunResumed(2, 1), report("2", 3.0), round("2", RoundCompleted.ORDINARY, 2, 3)));

    JsonNode data = ReportFile.data(report.write());

    assertThat(data.at("/run/series/bytesUp")).hasToString("[[1,2],[2.0,3.0]]");
    assertThat(data.at("/run/parts/federation/totals/bytesUp").asLong()).isEqualTo(6);
    assertThat(data.at("/run/parts/clients/0/reported").asInt()).isEqualTo(1);
    assertThat(data.at("/run/parts/clients/0/loss").asDouble()).isEqualTo(3);
  }

  @Test
  void write_refusals_areCountedByReason() throws IOException {
    report.append(
        List.of(
            round("1", RoundCompleted.ORDINARY, 1, 1),
            refused(Optional.of("a"), "duplicate", "first"),
            refused(Optional.empty(), "unknown-client", "serial=1"),
            refused(Optional.of("a"), "duplicate", "second")));

    JsonNode refusals = ReportFile.data(report.write()).at("/run/parts/refusals");

    assertThat(refusals)
        .hasToString(
            "[{\"reason\":\"duplicate\",\"count\":2,\"clients\":1,\"last\":\"second\"},"
                + "{\"reason\":\"unknown-client\",\"count\":1,\"clients\":0,\"last\":\"serial=1\"}]");
  }

  @Test
  void write_moreClientsThanFit_listsThoseThatReportedMost() throws IOException {
    List<Event> events = new ArrayList<>();
    events.add(round("1", RoundCompleted.ORDINARY, 1, 1));
    IntStream.range(0, MOST_CLIENTS)
        .forEach(i -> events.add(new ClientJoined("a-" + i, 0.5, 1, "", OptionalDouble.empty())));
    events.add(report("1", 1.0));
    report.append(events);

    JsonNode parts = ReportFile.data(report.write()).at("/run/parts");

    assertThat(parts.at("/federation/clientCount").asInt()).isEqualTo(MOST_CLIENTS + 1);
    assertThat(parts.at("/clients"))
        .hasSize(MOST_CLIENTS)
        .extracting(client -> client.path("client").asText())
        .contains("meter-17");
  }

  @Test
  void write_namesOfClients_stayData() throws IOException {
    report.append(
        List.of(
            round("1", RoundCompleted.ORDINARY, 1, 1),
            new ClientJoined(ATTACK, 0.5, 1, ATTACK, OptionalDouble.empty()),
            refused(Optional.of(ATTACK), ATTACK, ATTACK)));

    String page = report.write();

    assertThat(page).doesNotContain("<script>alert").doesNotContain("</script><script>alert");
    assertThat(ReportFile.data(page).at("/run/parts/clients/0/client").asText()).isEqualTo(ATTACK);
  }

  @Test
  void write_runWithoutRounds_hasNoFederation() throws IOException {
    report.append(SampleRun.events("alone", ""));

    JsonNode data = ReportFile.data(report.write());

    assertThat(data.at("/run/parts").has("federation")).isFalse();
    assertThat(data.at("/run/parts/run").has("rounds")).isFalse();
  }

  private static RoundCompleted round(String round, String kind, long done, long bytes) {
    return new RoundCompleted(
        round,
        kind,
        done,
        4,
        3,
        1,
        0,
        0,
        30,
        OptionalDouble.of(1),
        bytes,
        bytes,
        700,
        1,
        0,
        0,
        1,
        0.5);
  }

  private static ClientReported report(String round, double loss) {
    return new ClientReported("meter-17", round, 10, OptionalDouble.of(loss), 1, 10, 1, 1);
  }

  private static UpdateRefused refused(Optional<String> client, String reason, String detail) {
    return new UpdateRefused(client, Optional.of("1"), reason, detail);
  }
}
