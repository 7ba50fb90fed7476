package io.espalier.telemetry.view;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.telemetry.event.Envelope;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.EventText;
import io.espalier.telemetry.event.EventType;
import io.espalier.telemetry.event.FederationEvent;
import io.espalier.telemetry.event.HostEvent;
import io.espalier.telemetry.event.MaskEvent;
import io.espalier.telemetry.event.RunEvent;
import io.espalier.telemetry.event.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The timeline of a run and its chart marks. Not thread-safe. */
final class Timeline {
  private static final int MOST = 200;

  /** In larger federations clients' coming and going is not shown. */
  private static final int MOST_CLIENTS = 50;

  private static final int MOST_MARKS = 50;
  private static final int LONGEST_TEXT = 500;

  /**
   * The kinds of events on the timeline, as the page knows them; measurements have none, and of an
   * event that stopped a run it is the state that follows.
   */
  private static final Map<Class<?>, String> KINDS =
      Map.ofEntries(
          entry(RunEvent.RunStarted.class, "started"),
          entry(RunEvent.RunResumed.class, "resumed"),
          entry(RunEvent.ExecutionSwitched.class, "execution"),
          entry(RunEvent.RunFailed.class, "failed"),
          entry(RunEvent.RunFinished.class, "finished"),
          entry(MaskEvent.ChannelsCut.class, "cut"),
          entry(HostEvent.CheckpointWritten.class, "checkpoint"),
          entry(HostEvent.CheckpointFailed.class, "checkpoint-failed"),
          entry(HostEvent.TrainerFailed.class, "trainer-failed"),
          entry(HostEvent.TrainerRestarted.class, "trainer-restarted"),
          entry(HostEvent.EventsLost.class, "events-lost"),
          entry(HostEvent.AlertRaised.class, "alert"),
          entry(HostEvent.AlertCleared.class, "alert-over"),
          entry(HostEvent.StreamOpened.class, "stream-opened"),
          entry(HostEvent.StreamWaiting.class, "stream-waiting"),
          entry(HostEvent.StreamFlowing.class, "stream-flowing"),
          entry(HostEvent.RecordsSkipped.class, "stream-skipped"),
          entry(FederationEvent.CandidateChosen.class, "chosen"),
          entry(FederationEvent.RoundRejected.class, "round-rejected"),
          entry(FederationEvent.ClientJoined.class, "joined"),
          entry(FederationEvent.ClientLeft.class, "left"));

  private static final Set<String> MARKED =
      Set.of("resumed", "checkpoint-failed", "trainer-failed", "cut", "execution", "alert");

  private final VoidedSteps voided;
  private final NavigableMap<Place, ObjectNode> ofRun = new TreeMap<>(Place.ORDER);
  private final NavigableMap<Place, ObjectNode> ofClients = new TreeMap<>(Place.ORDER);
  private final SortedMap<String, RecentWindow<String>> marks = new TreeMap<>();

  private record Place(Instant time, Topic topic, long sequence) {
    static final Comparator<Place> ORDER =
        Comparator.comparing(Place::time)
            .thenComparing(Place::topic)
            .thenComparing(Place::sequence);
  }

  Timeline(VoidedSteps voided) {
    this.voided = voided;
  }

  void take(Envelope envelope) {
    Event event = envelope.event();
    if (event instanceof RunEvent.RunStopped stopped) {
      put(envelope, shortened(stopped.stateAfter()), shortened(stopped.reason()));
      return;
    }
    String kind = KINDS.get(event.getClass());
    if (kind != null) {
      put(envelope, kind, shortened(EventText.detail(event)));
    }
  }

  private void put(Envelope envelope, String kind, String text) {
    Event event = envelope.event();
    OptionalLong step = EventType.stepOf(event);
    ObjectNode row = ViewJson.object().put("time", envelope.time().toEpochMilli());
    row.put("attempt", envelope.attempt());
    step.ifPresent(at -> row.put("step", at));
    row.put("kind", kind).put("text", text);
    boolean ofClient =
        event instanceof FederationEvent.ClientJoined
            || event instanceof FederationEvent.ClientLeft;
    NavigableMap<Place, ObjectNode> rows = ofClient ? ofClients : ofRun;
    rows.put(new Place(envelope.time(), envelope.topic(), envelope.sequence()), row);
    if (rows.size() > MOST) {
      rows.pollFirstEntry();
    }
    if (MARKED.contains(kind)) {
      marks
          .computeIfAbsent(kind, key -> new RecentWindow<>(voided, MOST_MARKS))
          .put(envelope.attempt(), step.orElseThrow(), text);
    }
  }

  /** Returns {@code [{time, attempt, step, kind, text}]}, the newest first. */
  ArrayNode json(int clients) {
    NavigableMap<Place, ObjectNode> all = new TreeMap<>(ofRun);
    if (clients <= MOST_CLIENTS) {
      all.putAll(ofClients);
    }
    ArrayNode rows = ViewJson.array();
    all.descendingMap().values().stream().limit(MOST).forEach(rows::add);
    return rows;
  }

  /** Returns {@code [{step, kind, text}]} in the order of the steps. */
  ArrayNode marks() {
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

  static String shortened(String text) {
    return shortened(text, LONGEST_TEXT);
  }

  /** Shortens a text to {@code longest} characters, 2 or more, without halving a surrogate pair. */
  static String shortened(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    boolean halved = Character.isHighSurrogate(text.charAt(longest - 2));
    return text.substring(0, longest - (halved ? 2 : 1)) + "…";
  }
}
