package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.outbox.Outbox;
import io.espalier.telemetry.view.Report.ReportedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The report of a run whose events are in a directory. */
record ReportFile(Path directory) {
  void append(List<? extends Event> events) throws IOException {
    try (Outbox outbox = Outbox.open(directory, new RunId("run"), Clock.systemUTC())) {
      events.forEach(outbox::append);
    }
  }

  /** Writes the report and returns its page. */
  String write() throws IOException {
    return write(new ReportedRun(directory, OptionalLong.empty(), Map.of()));
  }

  String write(ReportedRun run) throws IOException {
    return write(run, Optional.empty());
  }

  String write(ReportedRun run, Optional<ReportedRun> compared) throws IOException {
    Path target = directory.resolve("report.html");
    Report.write(run, compared, target);
    return Files.readString(target);
  }

  /** Returns the data that a page shows. */
  static JsonNode data(String page) throws IOException {
    String opening = "<script type=\"application/json\" id=\"data\">";
    int from = page.indexOf(opening) + opening.length();
    return new ObjectMapper().readTree(page.substring(from, page.indexOf("</script>", from)));
  }
}
