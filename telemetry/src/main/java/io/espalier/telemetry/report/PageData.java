package io.espalier.telemetry.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.FederationEvent.CandidateChosen;
import io.espalier.telemetry.event.FederationEvent.FederationDescribed;
import io.espalier.telemetry.event.FederationEvent.RoundCompleted;
import io.espalier.telemetry.event.HostEvent.StreamOpened;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.RunEvent.Provenance;
import io.espalier.telemetry.event.RunEvent.RunFailed;
import io.espalier.telemetry.event.RunEvent.RunFinished;
import io.espalier.telemetry.event.RunEvent.RunStarted;
import io.espalier.telemetry.event.RunEvent.RunStopped;
import io.espalier.telemetry.event.TrainingEvent.SyncCompleted;
import java.io.IOException;
import java.util.List;

/** Everything that a report's page shows, as one JSON object. */
final class PageData {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().addModule(new Jdk8Module()).build();

  private final ReportedRun reported;
  private final RunHistory history;
  private final Footprint footprint;
  private final Rounds rounds;
  private final Clients clients;

  private PageData(ReportedRun reported, RunHistory history) {
    this.reported = reported;
    this.history = history;
    this.footprint = new Footprint(history);
    this.rounds = new Rounds(history);
    this.clients = new Clients(history);
  }

  static PageData of(ReportedRun run) throws IOException {
    return new PageData(run, RunHistory.read(run.directory()));
  }

  /** What a page needs of a run to compare another one with it. */
  ObjectNode brief() {
    ObjectNode page = MAPPER.createObjectNode();
    page.set("run", run());
    page.set("sizes", footprint.bytes());
    page.set("summary", MAPPER.valueToTree(reported.summary()));
    page.set("charts", new Charts(history, rounds).json());
    page.set("parameters", parameters());
    page.set("provenance", MAPPER.valueToTree(history.last(Provenance.class)));
    return page;
  }

  /** All that a page shows of its run. */
  ObjectNode json() {
    ObjectNode page = brief();
    reported.modelBytes().ifPresent(bytes -> page.withObject("/sizes").put("model", bytes));
    page.set("pictures", new Pictures(history).json());
    page.set("times", new TimeSplit(history).json());
    if (rounds.expected()) {
      page.set("federation", federation());
    }
    return page;
  }

  private ObjectNode federation() {
    ObjectNode federation = rounds.json();
    history.last(FederationDescribed.class).ifPresent(d -> federation.set("asked", object(d)));
    history.last(CandidateChosen.class).ifPresent(c -> federation.set("chosen", object(c)));
    federation.put("clientCount", clients.count());
    federation.set("clients", clients.json());
    federation.set("refusals", clients.refusals());
    return federation;
  }

  /** The recipe's name, or the run's id if the run has not started. */
  String title() {
    return history
        .last(RunStarted.class)
        .map(RunStarted::recipeName)
        .or(() -> history.envelopes().stream().findFirst().map(e -> e.run().value()))
        .orElse("empty run");
  }

  private ObjectNode run() {
    ObjectNode run = MAPPER.createObjectNode();
    run.put("name", title());
    run.put("state", "running");
    List<Envelope> all = history.envelopes();
    if (!all.isEmpty()) {
      Envelope last = all.get(all.size() - 1);
      run.put("id", last.run().value());
      run.put("begun", all.get(0).time().toString());
      run.put("ended", last.time().toString());
      run.put("attempts", last.attempt());
    }
    history.last(RunStarted.class).ifPresent(started -> run.setAll(object(started)));
    all.forEach(envelope -> end(envelope, run));
    history.last(MasksUpdated.class).ifPresent(u -> run.put("kept", u.kept()));
    history
        .last(StreamOpened.class)
        .ifPresent(stream -> run.put("validation", "hold-out").put("test", "hold-out at the end"));
    if (rounds.expected()) {
      run.put("rounds", rounds.completed());
    }
    run.set("traffic", traffic());
    return run;
  }

  /** What was sent, and what dense networks would have taken. */
  private ArrayNode traffic() {
    long sent = history.all(SyncCompleted.class).mapToLong(s -> s.bytesUp() + s.bytesDown()).sum();
    long dense = history.all(SyncCompleted.class).mapToLong(SyncCompleted::bytesDense).sum();
    return MAPPER
        .createArrayNode()
        .add(sent + rounds.total(round -> round.bytesUp() + round.bytesDown()))
        .add(dense + rounds.total(RoundCompleted::bytesDense));
  }

  private static void end(Envelope envelope, ObjectNode run) {
    if (envelope.event() instanceof RunFinished finished) {
      run.setAll(object(finished));
      run.put("state", "finished");
    } else if (envelope.event() instanceof RunFailed failed) {
      run.setAll(object(failed));
      run.put("state", "failed");
    } else if (envelope.event() instanceof RunStopped stopped) {
      run.setAll(object(stopped));
      run.put("state", "stopped");
    } else if (envelope.attempt() > run.path("attempt").asInt(envelope.attempt())) {
      run.put("state", "running");
    }
  }

  /** The described parameters, each with the units that the newest masks keep. */
  private ArrayNode parameters() {
    ArrayNode rows = MAPPER.createArrayNode();
    footprint
        .parameters()
        .forEach(each -> rows.add(object(each).put("kept", footprint.kept(each))));
    return rows;
  }

  private static ObjectNode object(Object value) {
    return MAPPER.valueToTree(value);
  }
}
