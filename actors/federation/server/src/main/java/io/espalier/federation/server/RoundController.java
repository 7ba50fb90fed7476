package io.espalier.federation.server;

import io.espalier.configs.fault.CrashPoint;
import io.espalier.configs.fault.FailureText;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Progress;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.protocol.RoundClosed;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.protocol.WorkFailed;
import io.espalier.federation.refusal.RefusalReason;
import io.espalier.masks.MaskSet;
import io.espalier.telemetry.event.FederationEvent;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.state.LiveUnits;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The rounds of one attempt, one after the other: waits for clients, invites a cohort, collects its
 * results, closes, learns, and begins again. Confined to the server's actor.
 */
final class RoundController {
  private final PreparedFederation federation;
  private final FederationSession session;
  private final RoundStore store;
  private final ConnectedClients clients;
  private final Supplier<WireBytes> traffic;
  private final PayloadCatalog catalog;
  private final LongSupplier clockMs;
  private final ResultCheck check;
  private final ResultAdmission admission;
  private final RoundPatience patience;
  private final MaskHistory history = new MaskHistory();
  private Optional<OpenRound> open = Optional.empty();
  private Optional<RoundStore.ClosedRound> last;
  private WireBytes trafficBefore = new WireBytes(0, 0);

  RoundController(
      PreparedFederation federation,
      FederationSession session,
      RoundStore store,
      ConnectedClients clients,
      Supplier<WireBytes> traffic,
      PayloadCatalog catalog,
      LongSupplier clockMs)
      throws IOException {
    this.federation = federation;
    this.session = session;
    this.store = store;
    this.clients = clients;
    this.traffic = traffic;
    this.catalog = catalog;
    this.clockMs = clockMs;
    this.check = new ResultCheck(session.networks());
    this.admission = new ResultAdmission(session, clients);
    this.patience = new RoundPatience(federation.rounds(), clockMs);
    history.add(session.course().model().masks().masks());
    this.last = store.last();
    store.keepOnly(unlearned());
  }

  /** Rounds that no checkpoint holds; the norms of the candidates are learned with the choice. */
  private Set<String> unlearned() {
    return session
        .course()
        .next()
        .map(work -> work.kind().trains() ? Set.of(work.key()) : Set.of("norms", "losses"))
        .orElse(Set.of());
  }

  ConnectedClients clients() {
    return clients;
  }

  void ready(ClientSession client, Ready ready) throws IOException {
    Optional<AttendingClient> attending = clients.ready(client, ready).map(this::withSoundMasks);
    if (attending.isPresent() && open.isPresent()) {
      open.get().returned(attending.get());
    }
  }

  /** Masks of another course, as of a disk that was restored, count as none. */
  private AttendingClient withSoundMasks(AttendingClient client) {
    OptionalInt version = client.heldGlobalVersion();
    String digest = client.ready().orElseThrow().getMaskDigest();
    if (version.isEmpty() || digest.isEmpty()) {
      return client;
    }
    Optional<String> expected =
        history
            .of(version.getAsInt())
            .map(session.networks().at(client.tier().width()).slice()::narrowed)
            .map(MaskSet::digest);
    if (expected.isEmpty() || expected.get().equals(digest)) {
      return client;
    }
    admission.recordRefusal(
        Optional.of(client.client()),
        Optional.empty(),
        RefusalReason.WRONG_MASKS,
        "a device must have the masks of the version that it names, and gets them anew: version=%d, digest=%s, expected=%s"
            .formatted(version.getAsInt(), digest, expected.get()));
    return clients.holdsNone(client);
  }

  void progressed(ClientSession client, Progress progress) {
    open.filter(round -> round.key().equals(progress.getRound()))
        .ifPresent(round -> round.progressed(client.client(), progress.getDoneSteps()));
  }

  void failed(ClientSession client, WorkFailed failure) {
    open.filter(round -> round.key().equals(failure.getRound()))
        .ifPresent(round -> round.fail(client.client(), failure.getCause()));
  }

  void refused(Optional<String> client, RefusalReason reason, String detail) {
    open.ifPresent(OpenRound::countRefusal);
    admission.recordRefusal(client, Optional.empty(), reason, detail);
  }

  UploadVerdict admit(String client, UploadHeader header) {
    return admission.admit(open, last, client, header);
  }

  UploadVerdict complete(String client, UploadHeader header, Path file) throws IOException {
    return admission.complete(open, last, client, header, file);
  }

  Due advance() throws IOException {
    Optional<Due> waiting = Optional.empty();
    while (waiting.isEmpty()) {
      waiting = open.isPresent() ? advance(open.get()) : begin();
    }
    return waiting.get();
  }

  /** Returns what an open round waits for; empty if something was done. */
  private Optional<Due> advance(OpenRound round) throws IOException {
    CohortRound.Next next = round.cohort().next(clockMs.getAsLong());
    if (next instanceof CohortRound.Next.Close) {
      close(round);
      return Optional.empty();
    }
    if (next instanceof CohortRound.Next.Wait wait) {
      return Optional.of(patience.until(wait.untilMs()));
    }
    CohortRound.Next.Replace replace = (CohortRound.Next.Replace) next;
    return replaceLate(round, replace.count())
        ? Optional.empty()
        : Optional.of(patience.until(replace.untilMs()));
  }

  private Optional<Due> begin() throws IOException {
    Optional<RoundWork> next = session.course().next();
    if (next.isEmpty()) {
      boolean allConnected =
          last.stream().flatMap(round -> round.invited().stream()).allMatch(clients::isConnected);
      return Optional.of(patience.farewell(allConnected));
    }
    RoundWork work = next.get();
    Optional<List<SelectedClient>> earlier = store.cohort(work.key());
    if (earlier.isPresent()) {
      resume(work, earlier.get());
      return Optional.empty();
    }
    List<AttendingClient> eligible = clients.eligible(work);
    if (!patience.isEnough(eligible.size())) {
      return Optional.of(patience.forClients());
    }
    List<AttendingClient> chosen =
        chosen(eligible, federation.rounds().cohort().invited(), work.key());
    open(work).invite(chosen);
    started(work, chosen.size());
    return Optional.empty();
  }

  private void resume(RoundWork work, List<SelectedClient> earlier) throws IOException {
    OpenRound round = open(work);
    round.resume(earlier);
    round.recordReports();
    if (store.closed(work.key()).isPresent()) {
      learn(round);
      return;
    }
    for (AttendingClient client : clients.ready()) {
      round.sendTask(client);
    }
    started(work, earlier.size());
  }

  private OpenRound open(RoundWork work) throws IOException {
    RoundTasks tasks = new RoundTasks(session.networks(), session.course(), work, store, history);
    OpenRound round =
        new OpenRound(
            tasks,
            store,
            check,
            CohortRound.Rules.of(federation.rounds()),
            session::record,
            clockMs);
    open = Optional.of(round);
    trafficBefore = traffic.get();
    catalog.publish(tasks);
    return round;
  }

  private List<AttendingClient> chosen(List<AttendingClient> eligible, int count, String round) {
    List<String> names =
        CohortRound.choose(
            eligible.stream().map(AttendingClient::client).toList(),
            count,
            federation.run().config().seed(),
            round);
    return eligible.stream().filter(each -> names.contains(each.client())).toList();
  }

  private void started(RoundWork work, int invited) {
    session.started(work, invited, clients.ready().size());
  }

  private boolean replaceLate(OpenRound round, int count) throws IOException {
    List<AttendingClient> others =
        chosen(
            clients.eligible(round.work()).stream()
                .filter(each -> !round.isInvited(each.client()))
                .toList(),
            count,
            round.key() + "+" + round.cohort().invited());
    if (!others.isEmpty()) {
      round.cohort().replaced(others.size(), clockMs.getAsLong());
      round.invite(others);
    }
    return !others.isEmpty();
  }

  private void close(OpenRound round) throws IOException {
    round.close();
    FromServer closed =
        FromServer.newBuilder()
            .setRoundClosed(RoundClosed.newBuilder().setRound(round.key()))
            .build();
    for (String client : round.cohort().outstanding()) {
      String state = clients.isConnected(client) ? "still at work" : "not connected";
      session.record(
          new FederationEvent.ClientLate(client, round.key(), round.failure(client).orElse(state)));
      clients.send(client, closed);
    }
    learn(round);
  }

  private void learn(OpenRound round) throws IOException {
    round.requireResults();
    FederationSession.Tally tally = tally(round, round.counted());
    RoundStore.ClosedRound closed = round.closed();
    store.remember(
        closed,
        new RoundStore.Counts(tally.reported(), tally.late(), tally.lost(), tally.refused()));
    session.merge(round.contributions(), tally, clients.tiers());
    CrashPoint.ROUND_LEARNED.pass();
    history.add(session.course().model().masks().masks());
    dropLearned(round);
    last = Optional.of(closed);
    open = Optional.empty();
    catalog.clear();
    patience.beginAnew();
  }

  private FederationSession.Tally tally(OpenRound round, int reported) {
    List<String> outstanding = round.cohort().outstanding();
    int late = (int) outstanding.stream().filter(clients::isConnected).count();
    long dense = federation.values().stateLayout().packedBytes(LiveUnits.all());
    WireBytes bytes = traffic.get().minus(trafficBefore);
    return new FederationSession.Tally(
        round.cohort().invited(),
        reported,
        late,
        outstanding.size() - late,
        round.refused(),
        bytes.received(),
        bytes.sent(),
        round.work().kind().trains() ? dense * (round.cohort().invited() + reported) : 0,
        round.seconds());
  }

  /** The norms of the candidates are learned anew by an attempt that resumes before the choice. */
  private void dropLearned(OpenRound round) throws IOException {
    if (round.work().kind() == RoundWork.Kind.MEASURE_NORMS) {
      return;
    }
    if (round.work().kind() == RoundWork.Kind.MEASURE_LOSSES) {
      store.drop("norms");
    }
    store.drop(round.key());
  }

  RunResult finish() {
    clients.goodbye(true);
    return session.finish(store.facts());
  }

  /** Ends the attempt; it has failed if its end cannot be recorded. */
  RunResult stop(LongFunction<RunResult> result) {
    try {
      clients.goodbye(false);
      return session.end(result);
    } catch (RuntimeException e) {
      return fail(e);
    }
  }

  /** Leaves the run as the death of the process would. */
  RunResult abandon() {
    return new RunResult.Failed(
        session.course().model().step(), "the server's actor must not end before the run");
  }

  /** Ends the attempt without a result, or leaves the run to a later run epoch. */
  RunResult fail(Throwable cause) {
    try {
      clients.goodbye(false);
    } catch (RuntimeException e) {
      // Most likely of the same cause, which the run's end reports.
      cause.addSuppressed(e);
    }
    return cause instanceof FencedException fenced
        ? new RunResult.Fenced(fenced.by())
        : session.fail(
            cause instanceof OutOfMemoryError ? FailureText.of(cause) : String.valueOf(cause));
  }
}
