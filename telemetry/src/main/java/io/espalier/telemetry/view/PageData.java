package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.outbox.OutboxReader;
import io.espalier.telemetry.view.Report.ReportedRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

final class PageData {
  private static final RunId NO_RUN = new RunId("empty");
  private static final List<String> BRIEF =
      List.of("run", "summary", "sizes", "parameters", "provenance", "settings", "marks");

  private final ReportedRun reported;
  private final RunDocument document;

  private PageData(ReportedRun reported, RunDocument document) {
    this.reported = reported;
    this.document = document;
  }

  static PageData of(ReportedRun run) throws IOException {
    List<RunDocument> documents = new ArrayList<>(1);
    OutboxReader.forEach(
        run.directory(),
        envelope -> {
          if (documents.isEmpty()) {
            documents.add(new RunDocument(envelope.run()));
          }
          documents.get(0).take(envelope);
        });
    RunDocument whole = documents.isEmpty() ? new RunDocument(NO_RUN) : documents.get(0);
    whole.finish();
    return new PageData(run, whole);
  }

  String title() {
    return document
        .name()
        .orElse(document.id().equals(NO_RUN) ? "empty run" : document.id().value());
  }

  /** Returns all data of the run: {@code {subject, parts, series}}. */
  ObjectNode json() {
    return json(parts());
  }

  /** Returns the data for a comparison, in the same form. */
  ObjectNode brief() {
    return json(parts().retain(BRIEF));
  }

  private ObjectNode parts() {
    ObjectNode parts = document.parts().all();
    ((ObjectNode) parts.path("run")).put("name", title());
    parts.set("summary", ViewJson.of(reported.summary()));
    if (!reported.confusion().isEmpty()) {
      parts.set("confusion", ViewJson.of(reported.confusion()));
    }
    if (!reported.analysis().isEmpty()) {
      parts.set("analysis", ViewJson.of(reported.analysis()));
    }
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
