package io.espalier.federation.server;

import io.espalier.configs.fault.CrashPoint;
import io.espalier.federation.gateway.UploadAdmission;
import io.espalier.federation.gateway.UploadVerdict;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.round.CohortRound;
import io.espalier.federation.round.CohortRound.Standing;
import io.espalier.federation.round.CohortRules;
import io.espalier.federation.round.DeviceTier;
import io.espalier.federation.server.ResultCheck.RefusedResultException;
import io.espalier.federation.transfer.RefusalReason;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.federated.RoundWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A round whose results are being collected: what it offers, who was invited, what is on disk.
 *
 * <p>Whatever it says is accepted is on disk and counts once, however often the server is killed.
 * Confined to the server's actor.
 */
final class OpenRound {
  private final RoundOffer offer;
  private final RoundStore store;
  private final ResultCheck check;
  private final CohortRound cohort;
  private final Map<String, Invitee> invitees = new LinkedHashMap<>();
  private final Map<String, RoundStore.StoredResult> results;
  private final Map<String, Long> steps = new HashMap<>();
  private final Map<String, String> failures = new HashMap<>();
  private int refused;

  OpenRound(RoundOffer offer, RoundStore store, ResultCheck check, CohortRules rules)
      throws IOException {
    this.offer = offer;
    this.store = store;
    this.check = check;
    this.cohort = new CohortRound(rules);
    this.results = store.results(key());
  }

  /** Takes up a round that an earlier attempt began, as far as it got. */
  void takeUp(List<Invitee> earlier, long nowMs) {
    earlier.forEach(each -> invitees.put(each.client(), each));
    cohort.invite(invitees.keySet(), nowMs);
    results.keySet().forEach(cohort::reported);
  }

  String key() {
    return offer.work().key();
  }

  RoundWork work() {
    return offer.work();
  }

  RoundOffer offer() {
    return offer;
  }

  CohortRound cohort() {
    return cohort;
  }

  int refused() {
    return refused;
  }

  /** Invites more clients; they are on disk before any of them knows. */
  void invite(Collection<Invitee> more, long nowMs) throws IOException {
    more.forEach(each -> invitees.put(each.client(), each));
    store.invite(key(), List.copyOf(invitees.values()));
    CrashPoint.COHORT_CHOSEN.pass();
    cohort.invite(more.stream().map(Invitee::client).toList(), nowMs);
  }

  /** Whether a client is as it was when it was invited: what it is sent is what is checked. */
  boolean isUnchanged(Invitee now) {
    return now.equals(invitees.get(now.client()));
  }

  /** A client that works has done so many steps; whether they are more than before. */
  boolean advances(String client, long doneSteps) {
    Long before = steps.put(client, doneSteps);
    return isInvited(client) && (before == null || doneSteps > before);
  }

  /** A client begins anew: its steps are counted from the start. */
  void restarts(String client) {
    steps.remove(client);
  }

  /** A client will not report, and others may take its place; it may still change its mind. */
  void fail(String client, String cause, long nowMs) {
    failures.put(client, cause);
    cohort.failed(client, nowMs);
  }

  /** Why a client will not report, if that is known. */
  Optional<String> failure(String client) {
    return Optional.ofNullable(failures.get(client));
  }

  boolean isInvited(String client) {
    return invitees.containsKey(client);
  }

  /** Whether a result of this header belongs here. */
  UploadAdmission admit(String client, UploadHeader header) {
    Optional<UploadVerdict.Refused> stranger = stranger(client, header);
    if (stranger.isPresent()) {
      return refuse(stranger.get());
    }
    if (cohort.standing(client) == Standing.REPORTED) {
      return isAccepted(client, header)
          ? new UploadVerdict.Duplicate()
          : refuse(
              new UploadVerdict.Refused(
                  RefusalReason.DUPLICATE,
                  "a client must report once a round: round=%s, client=%s"
                      .formatted(key(), client)));
    }
    return new UploadAdmission.Wanted(offer.largest(invitee(client).tier()));
  }

  private Optional<UploadVerdict.Refused> stranger(String client, UploadHeader header) {
    List<String> layouts =
        isInvited(client)
            ? List.of(offer.layoutDigest(invitee(client).tier()))
            : offer.layoutDigests();
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
    if (header.getMaskVersion() != offer.version().number()) {
      return refusal(
          RefusalReason.STALE_VERSION,
          "a result must be for the masks of the round: version=%d, expected=%d"
              .formatted(header.getMaskVersion(), offer.version().number()));
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

  boolean isAccepted(String client, UploadHeader header) {
    return Optional.ofNullable(results.get(client))
        .filter(stored -> stored.digest().equals(header.getDigest()))
        .isPresent();
  }

  /**
   * Checks a result that is whole.
   *
   * @throws RefusedResultException if it does not belong here
   */
  Contribution check(String client, Path file) throws IOException, RefusedResultException {
    try {
      return check.read(offer, invitee(client), file);
    } catch (RefusedResultException e) {
      refused++;
      throw e;
    }
  }

  /** Lets a result count. */
  void accept(String client, String digest, Path file) throws IOException {
    results.put(client, store.accept(key(), client, digest, file));
    CrashPoint.RESULT_ACCEPTED.pass();
    cohort.reported(client);
  }

  /** Counts a refusal. */
  UploadVerdict.Refused refuse(UploadVerdict.Refused verdict) {
    refused++;
    return verdict;
  }

  /** Decides that the results that are here count, and no other. */
  void close() throws IOException {
    cohort.close();
    store.close(key(), cohort.reporters());
    CrashPoint.ROUND_CLOSED.pass();
  }

  /** What is to be known of it once it is learned. */
  ClosedRound closed() throws IOException {
    Map<String, String> accepted = new LinkedHashMap<>();
    for (String client : store.closed(key()).orElseThrow()) {
      accepted.put(client, Objects.requireNonNull(results.get(client)).digest());
    }
    return new ClosedRound(key(), invitees.keySet(), accepted);
  }

  /** The results that count, in the order of the clients' names. */
  List<Contribution> contributions() throws IOException {
    List<Contribution> contributions = new ArrayList<>();
    for (String client : store.closed(key()).orElseThrow()) {
      contributions.add(accepted(client));
    }
    return contributions;
  }

  /** What a client of the round can hold. */
  DeviceTier tier(String client) {
    return invitee(client).tier();
  }

  /** Bytes of a result that counts. */
  long bytes(String client) throws IOException {
    return Files.size(Objects.requireNonNull(results.get(client)).file());
  }

  /** A result that counts. */
  Contribution accepted(String client) throws IOException {
    try {
      RoundStore.StoredResult stored = results.get(client);
      if (stored == null) {
        throw new IOException("it is missing");
      }
      return check.read(offer, invitee(client), stored.file());
    } catch (IOException | RefusedResultException e) {
      throw new IOException(
          "an accepted result must still be there and sound: round=%s, client=%s, cause=%s; delete it and closed.json of the round, and resume: the client is asked again"
              .formatted(key(), client, e.getMessage()),
          e);
    }
  }

  private Invitee invitee(String client) {
    return Objects.requireNonNull(invitees.get(client));
  }
}
