package io.espalier.telemetry.view;

import io.espalier.telemetry.view.Report.ReportedRun;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.outbox.OutboxReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The data of a report's page about one run. */
final class PageData {
  private static final RunId NOBODY = new RunId("empty");
  private static final List<String> BRIEF =
      List.of("run", "summary", "sizes", "parameters", "provenance");

  private final ReportedRun reported;
  private final RunDocument document;

  private PageData(ReportedRun reported, RunDocument document) {
    this.reported = reported;
    this.document = document;
  }

  static PageData of(ReportedRun run) throws IOException {
    Optional<RunDocument> document = Optional.empty();
    try (OutboxReader reader = OutboxReader.open(run.directory(), 0)) {
      Optional<OutboxReader.Line> line = reader.next();
      while (line.isPresent()) {
        Optional<Envelope> envelope = line.get().envelope().decode();
        if (envelope.isPresent()) {
          RunId id = envelope.get().run();
          document = document.or(() -> Optional.of(new RunDocument(id)));
          document.get().take(envelope.get());
        }
        line = reader.next();
      }
    }
    RunDocument whole = document.orElseGet(() -> new RunDocument(NOBODY));
    whole.finish();
    return new PageData(run, whole);
  }

  /** Returns the recipe's name, or the run's id if the run has not started. */
  String title() {
    return document
        .name()
        .orElse(document.id().equals(NOBODY) ? "empty run" : document.id().value());
  }

  /** Returns all data of the run: {@code {subject, parts, series}}. */
  ObjectNode json() {
    return json(parts());
  }

  /** Returns the data that a comparison with another run needs, in the same form. */
  ObjectNode brief() {
    return json(parts().retain(BRIEF));
  }

  private ObjectNode parts() {
    ObjectNode parts = document.parts().all();
    ((ObjectNode) parts.path("run")).put("name", title());
    parts.set("summary", ViewJson.of(reported.summary()));
    reported.modelBytes().ifPresent(bytes -> parts.withObject("/sizes").put("model", bytes));
    return parts;
  }

  private ObjectNode json(ObjectNode parts) {
    ObjectNode json = ViewJson.object().put("subject", "run:" + document.id());
    json.set("parts", parts);
    ObjectNode series = json.putObject("series");
    document
        .series()
        .forEach(
            (name, points) -> {
              if (!points.isEmpty()) {
                series.set(name, points.json());
              }
            });
    return json;
  }
}
