package io.espalier.federation.server;

import io.espalier.configs.fault.CrashPoint;
import io.espalier.federation.gateway.ClientSession;
import io.espalier.federation.gateway.UploadAdmission;
import io.espalier.federation.gateway.UploadVerdict;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.Hello;
import io.espalier.federation.protocol.Progress;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.protocol.RoundClosed;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.protocol.WorkFailed;
import io.espalier.federation.round.CohortChoice;
import io.espalier.federation.round.CohortRound;
import io.espalier.federation.round.CohortRules;
import io.espalier.federation.round.FederationSession;
import io.espalier.federation.round.RoundTally;
import io.espalier.federation.server.ResultCheck.RefusedResultException;
import io.espalier.federation.transfer.PrintableText;
import io.espalier.federation.transfer.RefusalReason;
import io.espalier.telemetry.event.FederationEvent;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.federated.ClientResult;
import io.espalier.trainer.federated.Contribution;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.state.LiveUnits;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The rounds of one attempt, one after the other: waits for clients, invites a cohort, collects its
 * results, closes, learns, and begins again. Confined to the server's actor.
 */
final class RoundController {
  private static final int LONGEST_CAUSE = 200;
  private static final long LONGEST_FAREWELL_MS = 10_000;

  private final PreparedFederation federation;
  private final FederationSession session;
  private final RoundStore store;
  private final RoundTotals totals;
  private final ConnectedClients fleet;
  private final WireTraffic wire;
  private final LongSupplier clockMs;
  private final ResultCheck check;
  private final MaskHistory history = new MaskHistory();
  private final PayloadCatalog publication;
  private Optional<OpenRound> open = Optional.empty();
  private Optional<ClosedRound> last;
  private boolean hasLearned;
  private long waitingSinceMs;
  private long openedMs;

  /** What the server has to do next. */
  sealed interface Due {
    /** Look again after so long, unless something happens. */
    record Later(long milliseconds) implements Due {}

    /** Nothing until something happens. */
    record Nothing() implements Due {}

    /** All rounds are done. */
    record Finished() implements Due {}
  }

  RoundController(
      PreparedFederation federation,
      FederationSession session,
      RoundStore store,
      RoundTotals totals,
      ConnectedClients fleet,
      WireTraffic wire,
      PayloadCatalog publication,
      LongSupplier clockMs)
      throws IOException {
    this.federation = federation;
    this.session = session;
    this.store = store;
    this.totals = totals;
    this.fleet = fleet;
    this.wire = wire;
    this.publication = publication;
    this.clockMs = clockMs;
    this.check = new ResultCheck(session.networks());
    this.waitingSinceMs = clockMs.getAsLong();
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

  void attend(ClientSession client, Hello hello) {
    fleet.attend(client, hello);
  }

  void ready(ClientSession client, Ready ready) throws IOException {
    Optional<AttendingClient> attendee = fleet.ready(client, ready);
    if (attendee.isPresent() && open.isPresent()) {
      open.get().restarts(client.client());
      sendTask(open.get(), attendee.get());
    }
  }

  void progressed(ClientSession client, Progress progress) {
    open.filter(round -> round.key().equals(progress.getRound()))
        .filter(round -> round.advances(client.client(), progress.getDoneSteps()))
        .ifPresent(round -> round.cohort().progressed(client.client(), clockMs.getAsLong()));
  }

  void failed(ClientSession client, WorkFailed failure) {
    open.filter(round -> round.key().equals(failure.getRound()))
        .ifPresent(
            round ->
                round.fail(
                    client.client(),
                    PrintableText.of(failure.getCause(), LONGEST_CAUSE),
                    clockMs.getAsLong()));
  }

  void left(ClientSession client) {
    fleet.left(client);
  }

  void drop(Set<String> revoked) {
    fleet.drop(revoked);
  }

  void refused(Optional<String> client, RefusalReason reason, String detail) {
    open.ifPresent(round -> round.refuse(new UploadVerdict.Refused(reason, detail)));
    tellRefusal(client, Optional.empty(), reason, detail);
  }

  UploadAdmission admit(String client, UploadHeader header) {
    if (last.filter(round -> round.key().equals(header.getRound())).isPresent()) {
      return ofLast(last.get(), client, header);
    }
    if (open.isEmpty()) {
      return told(
          client,
          header,
          new UploadVerdict.Refused(
              RefusalReason.STALE_ROUND,
              "a result must be for the open round: round=%s, none is open"
                  .formatted(header.getRound())));
    }
    UploadAdmission admission = open.get().admit(client, header);
    if (admission instanceof UploadVerdict.Refused refused) {
      return told(client, header, refused);
    }
    open.get().cohort().progressed(client, clockMs.getAsLong());
    return admission;
  }

  /** A receipt that got lost is given again; whoever was too late learns that. */
  private UploadAdmission ofLast(ClosedRound closed, String client, UploadHeader header) {
    if (closed.isAccepted(client, header.getDigest())) {
      return new UploadVerdict.Duplicate();
    }
    return told(
        client,
        header,
        new UploadVerdict.Refused(
            closed.invited().contains(client)
                ? RefusalReason.ROUND_CLOSED
                : RefusalReason.NOT_CHOSEN,
            "a result must come before its round closes: round=%s".formatted(header.getRound())));
  }

  UploadVerdict complete(String client, UploadHeader header, Path file) throws IOException {
    UploadAdmission admission = admit(client, header);
    if (admission instanceof UploadVerdict.Refused refused) {
      return refused;
    }
    if (admission instanceof UploadVerdict.Duplicate duplicate) {
      return duplicate;
    }
    OpenRound round = open.orElseThrow();
    try {
      Contribution contribution = round.check(client, file);
      round.accept(client, header.getDigest(), file);
      reported(round, contribution, header.getBytes());
      fleet.holds(client, round.offer().version().number());
      return new UploadVerdict.Accepted();
    } catch (RefusedResultException e) {
      String detail = String.valueOf(e.getMessage());
      round.fail(client, "refused: " + detail, clockMs.getAsLong());
      tellRefusal(Optional.of(client), Optional.of(round.key()), e.reason(), detail);
      return new UploadVerdict.Refused(e.reason(), detail);
    }
  }

  private UploadVerdict.Refused told(
      String client, UploadHeader header, UploadVerdict.Refused verdict) {
    tellRefusal(
        Optional.of(client), Optional.of(header.getRound()), verdict.reason(), verdict.detail());
    return verdict;
  }

  private void tellRefusal(
      Optional<String> client, Optional<String> round, RefusalReason reason, String detail) {
    session
        .ledger()
        .record(new FederationEvent.UpdateRefused(client, round, reason.word(), detail));
  }

  private void reported(OpenRound round, Contribution contribution, long bytes) {
    ClientResult result = contribution.result();
    session
        .ledger()
        .record(
            new FederationEvent.ClientReported(
                contribution.client(),
                round.key(),
                result.examples(),
                result instanceof ClientResult.Trained trained
                    ? OptionalDouble.of(trained.loss())
                    : OptionalDouble.empty(),
                check.norm(contribution, round.tier(contribution.client())),
                bytes,
                (clockMs.getAsLong() - openedMs) / 1e3,
                round.offer().version().number()));
  }

  /** An earlier attempt may have died before it told of a result; who hears it twice knows that. */
  private void tellAccepted(OpenRound round) throws IOException {
    for (String client : round.cohort().reporters()) {
      reported(round, round.accepted(client), round.bytes(client));
    }
  }

  /** Does all that is due. */
  Due advance() throws IOException {
    while (true) {
      if (open.isEmpty()) {
        Optional<RoundWork> work = session.course().next();
        if (work.isEmpty()) {
          return farewell();
        }
        Optional<Due> waiting = begin(work.get());
        if (waiting.isPresent()) {
          return waiting.get();
        }
      } else {
        Optional<Due> waiting = go(open.get());
        if (waiting.isPresent()) {
          return waiting.get();
        }
      }
    }
  }

  /**
   * The run is over once the last cohort can be told: an attempt that only had to learn would end
   * before its clients are back, and leave them waiting for the next.
   */
  private Due farewell() {
    Duration patience = federation.rounds().deadline();
    long untilMs = waitingSinceMs + Math.min(patience.toMillis(), LONGEST_FAREWELL_MS);
    boolean allThere =
        last.stream().flatMap(round -> round.invited().stream()).allMatch(fleet::isConnected);
    return allThere || clockMs.getAsLong() >= untilMs ? new Due.Finished() : later(untilMs);
  }

  /** Does what an open round needs; else says until when it waits. */
  private Optional<Due> go(OpenRound round) throws IOException {
    CohortRound.Next next = round.cohort().next(clockMs.getAsLong());
    if (next instanceof CohortRound.Next.Close) {
      close(round);
      return Optional.empty();
    }
    if (next instanceof CohortRound.Next.Wait wait) {
      return Optional.of(later(wait.untilMs()));
    }
    CohortRound.Next.Replace replace = (CohortRound.Next.Replace) next;
    return replaceLate(round, replace.count())
        ? Optional.empty()
        : Optional.of(later(replace.untilMs()));
  }

  private Due later(long untilMs) {
    return new Due.Later(Math.max(1, untilMs - clockMs.getAsLong()));
  }

  /**
   * Opens a round, or takes up the one that an earlier attempt opened; else says what it awaits.
   */
  private Optional<Due> begin(RoundWork work) throws IOException {
    RoundOffer offer = new RoundOffer(session.networks(), session.course(), work, store, history);
    CohortRules rules = CohortRules.of(federation.rounds());
    Optional<List<Invitee>> earlier = store.cohort(work.key());
    if (earlier.isPresent()) {
      OpenRound round = new OpenRound(offer, store, check, rules);
      round.takeUp(earlier.get(), clockMs.getAsLong());
      opened(round);
      tellAccepted(round);
      if (store.closed(work.key()).isPresent()) {
        learn(round);
        return Optional.empty();
      }
      for (AttendingClient attendee : fleet.ready()) {
        sendTask(round, attendee);
      }
      started(work, earlier.get().size());
      return Optional.empty();
    }
    List<AttendingClient> eligible = fleet.eligible(work);
    if (!isEnough(eligible.size())) {
      return Optional.of(waiting());
    }
    OpenRound round = new OpenRound(offer, store, check, rules);
    List<AttendingClient> chosen = chosen(eligible, federation.rounds().invited(), work.key());
    opened(round);
    invite(round, chosen);
    started(work, chosen.size());
    return Optional.empty();
  }

  private List<AttendingClient> chosen(List<AttendingClient> eligible, int count, String round) {
    List<String> names =
        CohortChoice.of(
            eligible.stream().map(AttendingClient::client).toList(),
            count,
            federation.run().config().seed(),
            round);
    return eligible.stream().filter(each -> names.contains(each.client())).toList();
  }

  private void started(RoundWork work, int invited) {
    session.events().started(work, session.course().model(), invited, fleet.ready().size());
  }

  /** As many as are wanted; or, once all who come have had time to, as many as are needed. */
  private boolean isEnough(int eligible) {
    return eligible >= federation.rounds().cohort()
        || (clockMs.getAsLong() >= patienceUntilMs() && eligible >= federation.rounds().fewest());
  }

  private Due waiting() {
    long untilMs = patienceUntilMs();
    return untilMs > clockMs.getAsLong() ? later(untilMs) : new Due.Nothing();
  }

  /** Before its first round an attempt waits for all; later those who come back are soon here. */
  private long patienceUntilMs() {
    long deadlineMs = federation.rounds().deadline().toMillis();
    return waitingSinceMs + (hasLearned ? Math.min(deadlineMs, LONGEST_FAREWELL_MS) : deadlineMs);
  }

  private void opened(OpenRound round) {
    open = Optional.of(round);
    openedMs = clockMs.getAsLong();
    wire.mark();
    publication.publish(round.offer());
  }

  private void invite(OpenRound round, List<AttendingClient> chosen) throws IOException {
    round.invite(chosen.stream().map(AttendingClient::invitee).toList(), clockMs.getAsLong());
    for (AttendingClient each : chosen) {
      sendTask(round, each);
    }
  }

  private void sendTask(OpenRound round, AttendingClient attendee) throws IOException {
    if (round.cohort().standing(attendee.client()) != CohortRound.Standing.WORKING) {
      return;
    }
    if (!round.isUnchanged(attendee.invitee())) {
      round.fail(
          attendee.client(),
          "came back with another density cap, width or other examples",
          clockMs.getAsLong());
    } else {
      attendee
          .session()
          .send(FromServer.newBuilder().setTask(round.offer().task(attendee)).build());
    }
  }

  private boolean replaceLate(OpenRound round, int count) throws IOException {
    List<AttendingClient> others =
        chosen(
            fleet.eligible(round.work()).stream()
                .filter(each -> !round.isInvited(each.client()))
                .toList(),
            count,
            round.key() + "+" + round.cohort().invited());
    if (!others.isEmpty()) {
      round.cohort().replaced(others.size(), clockMs.getAsLong());
      invite(round, others);
    }
    return !others.isEmpty();
  }

  private void close(OpenRound round) throws IOException {
    round.close();
    for (String client : round.cohort().outstanding()) {
      boolean connected = fleet.isConnected(client);
      session
          .ledger()
          .record(
              new FederationEvent.ClientLate(
                  client,
                  round.key(),
                  round.failure(client).orElse(connected ? "still at work" : "not connected")));
      fleet.send(
          client,
          FromServer.newBuilder()
              .setRoundClosed(RoundClosed.newBuilder().setRound(round.key()))
              .build());
    }
    learn(round);
  }

  private void learn(OpenRound round) throws IOException {
    List<Contribution> contributions = round.contributions();
    RoundTally tally = tally(round, contributions.size());
    totals.put(
        round.key(),
        new RoundTotals.Counts(contributions.size(), tally.late(), tally.lost(), tally.refused()));
    ClosedRound closed = round.closed();
    store.remember(closed);
    session.merge(contributions, tally, fleet.tiers());
    CrashPoint.ROUND_LEARNED.pass();
    history.add(session.course().model().masks().masks());
    forget(round);
    last = Optional.of(closed);
    open = Optional.empty();
    hasLearned = true;
    publication.clear();
    waitingSinceMs = clockMs.getAsLong();
  }

  private RoundTally tally(OpenRound round, int reported) {
    List<String> outstanding = round.cohort().outstanding();
    int late = (int) outstanding.stream().filter(fleet::isConnected).count();
    long dense = federation.values().stateLayout().packedBytes(LiveUnits.all());
    boolean counts = round.work().kind().trains();
    return new RoundTally(
        round.cohort().invited(),
        late,
        outstanding.size() - late,
        round.refused(),
        wire.up(),
        wire.down(),
        counts ? dense * (round.cohort().invited() + reported) : 0,
        (clockMs.getAsLong() - openedMs) / 1e3);
  }

  /** The norms of the candidates are learned anew by an attempt that resumes before the choice. */
  private void forget(OpenRound round) throws IOException {
    if (round.work().kind() == RoundWork.Kind.MEASURE_NORMS) {
      return;
    }
    if (round.work().kind() == RoundWork.Kind.MEASURE_LOSSES) {
      store.drop("norms");
    }
    store.drop(round.key());
  }

  RunResult finish() {
    fleet.goodbye(true);
    return session.finish(totals.facts());
  }

  /** Ends the attempt; where that cannot be told, it has failed. */
  RunResult stop() {
    try {
      fleet.goodbye(false);
      return session.stop();
    } catch (RuntimeException e) {
      return fail(e);
    }
  }

  /** Leaves the run as the death of the process would. */
  RunResult abandon() {
    return new RunResult.Failed(
        session.course().model().step(), "the server's actor must not end before the run");
  }

  /** Ends the attempt without a result, or leaves the run to a later reign. */
  RunResult fail(Throwable cause) {
    try {
      fleet.goodbye(false);
    } catch (RuntimeException e) {
      // Most likely by the same cause, of which the run's end tells.
      cause.addSuppressed(e);
    }
    return cause instanceof FencedException fenced
        ? new RunResult.Fenced(fenced.by())
        : session.fail(String.valueOf(cause));
  }
}
