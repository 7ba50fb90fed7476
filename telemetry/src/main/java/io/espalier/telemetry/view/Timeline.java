package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.FederationEvent.ClientJoined;
import io.espalier.telemetry.event.FederationEvent.ClientLeft;
import io.espalier.telemetry.event.HostEvent.AlertRaised;
import io.espalier.telemetry.event.HostEvent.CheckpointFailed;
import io.espalier.telemetry.event.HostEvent.TrainerFailed;
import io.espalier.telemetry.event.MaskEvent.ChannelsCut;
import io.espalier.telemetry.event.RunEvent.RunResumed;
import io.espalier.telemetry.event.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** What happened to a run, and the marks that some of it leaves on charts. Not thread-safe. */
final class Timeline {
  /** The most happenings that are kept. */
  static final int MOST = 200;

  /** In a federation of more clients, their coming and going would hide all else. */
  static final int MOST_CLIENTS_TOLD = 50;

  private static final int MOST_MARKS = 50;
  private static final int LONGEST_TEXT = 500;

  private final Cuts cuts;
  private final NavigableMap<Place, ObjectNode> ofRun = new TreeMap<>(Place.ORDER);
  private final NavigableMap<Place, ObjectNode> ofClients = new TreeMap<>(Place.ORDER);
  private final SortedMap<String, RecentWindow<String>> marks = new TreeMap<>();

  /** Where something stands among the others, whichever topic comes first. */
  private record Place(Instant time, Topic topic, long sequence) {
    static final Comparator<Place> ORDER =
        Comparator.comparing(Place::time)
            .thenComparing(Place::topic)
            .thenComparing(Place::sequence);
  }

  /**
   * @param cuts of the run; whoever adds to them calls {@link #cut}
   */
  public Timeline(Cuts cuts) {
    this.cuts = cuts;
  }

  public void take(Envelope envelope) {
    TimelineTexts.of(envelope.event())
        .ifPresent(
            told -> {
              boolean client =
                  envelope.event() instanceof ClientJoined
                      || envelope.event() instanceof ClientLeft;
              add(client ? ofClients : ofRun, envelope, told);
              mark(envelope, told);
            });
  }

  private static void add(
      NavigableMap<Place, ObjectNode> happenings, Envelope envelope, TimelineTexts.Told told) {
    ObjectNode row = ViewJson.object().put("time", envelope.time().toEpochMilli());
    row.put("attempt", envelope.attempt());
    told.step().ifPresent(step -> row.put("step", step));
    row.put("kind", told.kind()).put("text", shortened(told.text()));
    happenings.put(new Place(envelope.time(), envelope.topic(), envelope.sequence()), row);
    if (happenings.size() > MOST) {
      happenings.pollFirstEntry();
    }
  }

  private void mark(Envelope envelope, TimelineTexts.Told told) {
    boolean marks =
        envelope.event() instanceof RunResumed
            || envelope.event() instanceof CheckpointFailed
            || envelope.event() instanceof TrainerFailed
            || envelope.event() instanceof ChannelsCut
            || envelope.event() instanceof AlertRaised;
    if (marks && told.step().isPresent()) {
      this.marks
          .computeIfAbsent(told.kind(), kind -> new RecentWindow<>(cuts, MOST_MARKS))
          .put(envelope.attempt(), told.step().get(), shortened(told.text()));
    }
  }

  /** Removes marks at steps that a later attempt made void. */
  public void cut(int attempt, long firstVoid) {
    marks.values().forEach(each -> each.cut(attempt, firstVoid));
  }

  /**
   * {@code [{time, attempt, step, kind, text}]}, the newest first.
   *
   * @param clients of the run
   */
  public ArrayNode json(int clients) {
    NavigableMap<Place, ObjectNode> all = new TreeMap<>(ofRun);
    if (clients <= MOST_CLIENTS_TOLD) {
      all.putAll(ofClients);
    }
    ArrayNode rows = ViewJson.array();
    all.descendingMap().values().stream().limit(MOST).forEach(rows::add);
    return rows;
  }

  /** {@code [{step, kind, text}]} in the order of the steps. */
  public ArrayNode marks() {
    ArrayNode rows = ViewJson.array();
    List<ObjectNode> found = new ArrayList<>();
    marks.forEach(
        (kind, texts) ->
            texts.forEach(
                (step, text) ->
                    found.add(
                        ViewJson.object().put("step", step).put("kind", kind).put("text", text))));
    found.sort(Comparator.comparingLong(row -> row.path("step").asLong()));
    found.forEach(rows::add);
    return rows;
  }

  /** A text of bounded length. */
  public static String shortened(String text) {
    return shortened(text, LONGEST_TEXT);
  }

  /**
   * A text of bounded length.
   *
   * @param longest characters that it may have, 2 or more
   */
  public static String shortened(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    boolean halved = Character.isHighSurrogate(text.charAt(longest - 2));
    return text.substring(0, longest - (halved ? 2 : 1)) + "…";
  }
}
