package io.espalier.federation.server;

import io.espalier.configs.fault.CrashPoint;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.refusal.PrintableText;
import io.espalier.federation.refusal.RefusalReason;
import io.espalier.federation.server.CohortRound.Standing;
import io.espalier.federation.server.ResultCheck.RefusedResultException;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A round whose results are being collected: its payloads, its cohort, and its results on disk. An
 * accepted result is on disk and counts once, however often the server is killed. Confined to the
 * server's actor.
 */
final class OpenRound {
  private static final int LONGEST_CAUSE = 200;

  private final RoundTasks tasks;
  private final RoundStore store;
  private final ResultCheck check;
  private final CohortRound cohort;
  private final Consumer<Event> events;
  private final LongSupplier clockMs;
  private final long openedMs;
  private final Map<String, SelectedClient> selected = new LinkedHashMap<>();
  private final Map<String, RoundStore.StoredResult> results;
  private final Map<String, Long> steps = new HashMap<>();
  private final Map<String, String> failures = new HashMap<>();
  private int refused;

  OpenRound(
      RoundTasks tasks,
      RoundStore store,
      ResultCheck check,
      CohortRound.Rules rules,
      Consumer<Event> events,
      LongSupplier clockMs)
      throws IOException {
    this.tasks = tasks;
    this.store = store;
    this.check = check;
    this.cohort = new CohortRound(rules);
    this.events = events;
    this.clockMs = clockMs;
    this.openedMs = clockMs.getAsLong();
    this.results = store.results(key());
  }

  void resume(List<SelectedClient> earlier) {
    earlier.forEach(each -> selected.put(each.client(), each));
    cohort.invite(selected.keySet(), clockMs.getAsLong());
    results.keySet().forEach(cohort::reported);
  }

  String key() {
    return tasks.work().key();
  }

  RoundWork work() {
    return tasks.work();
  }

  RoundTasks tasks() {
    return tasks;
  }

  CohortRound cohort() {
    return cohort;
  }

  double seconds() {
    return (clockMs.getAsLong() - openedMs) / 1e3;
  }

  /** Invites more clients; they are on disk before any of them receives a task. */
  void invite(List<AttendingClient> more) throws IOException {
    List<SelectedClient> added = more.stream().map(AttendingClient::selected).toList();
    added.forEach(each -> selected.put(each.client(), each));
    store.invite(key(), List.copyOf(selected.values()));
    CrashPoint.COHORT_CHOSEN.pass();
    cohort.invite(added.stream().map(SelectedClient::client).toList(), clockMs.getAsLong());
    for (AttendingClient each : more) {
      sendTask(each);
    }
  }

  /** A client came back: its steps are counted from the start. */
  void returned(AttendingClient client) throws IOException {
    steps.remove(client.client());
    sendTask(client);
  }

  void sendTask(AttendingClient client) throws IOException {
    if (cohort.standing(client.client()) != Standing.WORKING) {
      return;
    }
    if (client.selected().equals(selected.get(client.client()))) {
      client.session().send(FromServer.newBuilder().setTask(tasks.task(client)).build());
    } else {
      fail(client.client(), "came back with another density cap, width or other examples");
    }
  }

  void progressed(String client, long doneSteps) {
    Long before = steps.put(client, doneSteps);
    if (isInvited(client) && (before == null || doneSteps > before)) {
      cohort.progressed(client, clockMs.getAsLong());
    }
  }

  /** A client will not report, and others may take its place; its result still counts in time. */
  void fail(String client, String cause) {
    failures.put(client, PrintableText.of(cause, LONGEST_CAUSE));
    cohort.failed(client, clockMs.getAsLong());
  }

  Optional<String> failure(String client) {
    return Optional.ofNullable(failures.get(client));
  }

  boolean isInvited(String client) {
    return selected.containsKey(client);
  }

  UploadVerdict admit(String client, UploadHeader header) {
    Optional<UploadVerdict.Refused> foreign = foreign(client, header);
    if (foreign.isPresent()) {
      return refused(client, header, foreign.get());
    }
    if (cohort.standing(client) == Standing.REPORTED) {
      return isAccepted(client, header)
          ? new UploadVerdict.Duplicate()
          : refused(
              client,
              header,
              new UploadVerdict.Refused(
                  RefusalReason.DUPLICATE,
                  "a client must report once a round: round=%s, client=%s"
                      .formatted(key(), client)));
    }
    cohort.progressed(client, clockMs.getAsLong());
    return new UploadVerdict.Wanted(tasks.largest(selected(client).tier()));
  }

  private Optional<UploadVerdict.Refused> foreign(String client, UploadHeader header) {
    List<String> layouts =
        isInvited(client)
            ? List.of(tasks.layoutDigest(selected(client).tier()))
            : tasks.layoutDigests();
    if (!layouts.contains(header.getLayoutDigest())) {
      return refusal(
          RefusalReason.WRONG_LAYOUT,
          "a result must be for the client's network of this run: layout=%s, expected=%s"
              .formatted(header.getLayoutDigest(), String.join(" or ", layouts)));
    }
    if (!header.getRound().equals(key())) {
      return refusal(
          RefusalReason.STALE_ROUND,
          "a result must be for the open round: round=%s, open=%s"
              .formatted(header.getRound(), key()));
    }
    if (header.getMaskVersion() != tasks.version().number()) {
      return refusal(
          RefusalReason.STALE_VERSION,
          "a result must be for the masks of the round: version=%d, expected=%d"
              .formatted(header.getMaskVersion(), tasks.version().number()));
    }
    return isInvited(client)
        ? Optional.empty()
        : refusal(
            RefusalReason.NOT_CHOSEN,
            "a result must come from a client of the cohort: client=%s, round=%s"
                .formatted(client, key()));
  }

  private static Optional<UploadVerdict.Refused> refusal(RefusalReason reason, String detail) {
    return Optional.of(new UploadVerdict.Refused(reason, detail));
  }

  private boolean isAccepted(String client, UploadHeader header) {
    return Optional.ofNullable(results.get(client))
        .filter(stored -> stored.digest().equals(header.getDigest()))
        .isPresent();
  }

  UploadVerdict complete(String client, UploadHeader header, Path file) throws IOException {
    Contribution contribution;
    try {
      contribution = check.read(tasks, selected(client), file);
    } catch (RefusedResultException e) {
      String detail = String.valueOf(e.getMessage());
      failures.put(client, "refused: " + detail);
      cohort.failed(client, clockMs.getAsLong());
      return refused(client, header, new UploadVerdict.Refused(e.reason(), detail));
    }
    results.put(client, store.accept(key(), client, header.getDigest(), file));
    CrashPoint.RESULT_ACCEPTED.pass();
    cohort.reported(client);
    recordReport(contribution, header.getBytes());
    return new UploadVerdict.Accepted();
  }

  private UploadVerdict.Refused refused(
      String client, UploadHeader header, UploadVerdict.Refused verdict) {
    countRefusal();
    events.accept(
        new FederationEvent.UpdateRefused(
            Optional.of(client),
            Optional.of(header.getRound()),
            verdict.reason().word(),
            verdict.detail()));
    return verdict;
  }

  void countRefusal() {
    refused++;
  }

  int refused() {
    return refused;
  }

  /**
   * Records the accepted results: an earlier attempt may have died before it did. Consumers accept
   * a second event for the same result.
   */
  void recordReports() throws IOException {
    for (String client : cohort.reporters()) {
      recordReport(accepted(client), Files.size(file(client)));
    }
  }

  private void recordReport(Contribution contribution, long bytes) {
    String client = contribution.client();
    events.accept(
        check.reported(
            client,
            key(),
            contribution.result(),
            selected(client).tier().width(),
            bytes,
            seconds(),
            tasks.version()));
  }

  void close() throws IOException {
    cohort.close();
    store.close(key(), cohort.reporters());
    CrashPoint.ROUND_CLOSED.pass();
  }

  RoundStore.ClosedRound closed() throws IOException {
    Map<String, String> accepted = new LinkedHashMap<>();
    for (String client : store.closed(key()).orElseThrow()) {
      accepted.put(client, Objects.requireNonNull(results.get(client)).digest());
    }
    return new RoundStore.ClosedRound(key(), selected.keySet(), accepted);
  }

  /** Throws unless the files of all results that count are as they were accepted. */
  void requireResults() throws IOException {
    for (String client : store.closed(key()).orElseThrow()) {
      String found = Sha256.ofFile(file(client));
      if (!found.equals(Objects.requireNonNull(results.get(client)).digest())) {
        throw unsound(client, new IOException("it is damaged: digest=" + found));
      }
    }
  }

  int counted() throws IOException {
    return store.closed(key()).orElseThrow().size();
  }

  /** The results that count, each read from its file when it comes to it. */
  Iterable<Contribution> contributions() throws IOException {
    List<String> clients = store.closed(key()).orElseThrow();
    return () -> clients.stream().map(this::contribution).iterator();
  }

  private Contribution contribution(String client) {
    try {
      return accepted(client);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Contribution accepted(String client) throws IOException {
    Path file = file(client);
    try {
      return check.read(tasks, selected(client), file);
    } catch (IOException | RefusedResultException e) {
      throw unsound(client, e);
    }
  }

  private Path file(String client) throws IOException {
    RoundStore.StoredResult stored = results.get(client);
    if (stored == null || !Files.exists(stored.file())) {
      throw unsound(client, new IOException("it is missing"));
    }
    return stored.file();
  }

  private IOException unsound(String client, Exception cause) {
    return new IOException(
        "an accepted result must still be there and sound: round=%s, client=%s, cause=%s; delete it and closed.json of the round, and resume: the client is asked again"
            .formatted(key(), client, cause.getMessage()),
        cause);
  }

  private SelectedClient selected(String client) {
    return Objects.requireNonNull(selected.get(client));
  }
}
