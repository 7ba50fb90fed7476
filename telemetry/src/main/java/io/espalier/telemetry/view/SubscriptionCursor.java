package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class SubscriptionCursor {
  /** A series is resent in full after this many single points. */
  private static final int MOST_SENT = 2 * Points.MOST;

  private final Subject subject;
  private final Map<String, SentSeries> sent = new HashMap<>();
  private @Nullable Object identity;
  private long seen = -1;
  private boolean absentSent;

  private record SentSeries(Points points, long revision, long lastStep, int sent) {
    static SentSeries after(Points points, int sent) {
      return new SentSeries(
          points, points.revision(), points.isEmpty() ? -1 : points.lastStep(), sent);
    }

    boolean follows(Points now) {
      return now == points && now.revision() == revision && sent <= MOST_SENT;
    }
  }

  SubscriptionCursor(Subject subject) {
    this.subject = subject;
  }

  Subject subject() {
    return subject;
  }

  /** Reports, once, that there is no such document. */
  void absent(Optional<String> reason, List<JsonNode> messages) {
    if (!absentSent) {
      absentSent = true;
      identity = null;
      ObjectNode message = message("absent");
      reason.ifPresent(text -> message.put("reason", text));
      messages.add(message);
    }
  }

  void poll(DocumentView view, long version, List<JsonNode> messages) {
    boolean anew = view.identity() != identity || !view.parts().remembers(seen);
    if (anew) {
      identity = view.identity();
      absentSent = false;
      sent.clear();
    }
    ObjectNode parts = anew ? view.parts().all() : view.parts().since(seen);
    ObjectNode series = ViewJson.object();
    view.series().forEach((name, points) -> series(name, points, series));
    seen = version;
    if (anew || !parts.isEmpty() || !series.isEmpty()) {
      ObjectNode message = message(anew ? "snapshot" : "change");
      message.set("parts", parts);
      message.set("series", series);
      messages.add(message);
    }
  }

  private void series(String name, Points points, ObjectNode series) {
    SentSeries cursor = sent.get(name);
    if (cursor == null && points.isEmpty()) {
      return;
    }
    if (cursor == null || !cursor.follows(points)) {
      sent.put(name, SentSeries.after(points, 0));
      series.putObject(name).set("all", points.json());
    } else if (!points.isEmpty() && points.lastStep() > cursor.lastStep()) {
      ArrayNode added = points.after(cursor.lastStep());
      sent.put(name, SentSeries.after(points, cursor.sent() + added.get(0).size()));
      series.putObject(name).set("append", added);
    }
  }

  private ObjectNode message(String type) {
    return ViewJson.object().put("type", type).put("subject", subject.name());
  }
}
