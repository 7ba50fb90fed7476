package io.espalier.federation.server;

import io.espalier.configs.RoundsConfig;
import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.RoundWork;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/**
 * The cohort of one round.
 *
 * <p>A client is late once it has shown no progress for the deadline, connected or not; progress
 * makes it timely again, until the round's limit. A failed client is late at once. The round closes
 * when the wanted number has reported, or when all others are late and enough have reported. If too
 * few have reported, others replace the late clients, which may still report.
 *
 * <p>Times are milliseconds from any start, given by the caller. Not thread-safe.
 */
public final class CohortRound {
  /** Keeps these draws apart from all others of the same seed. */
  private static final long DOMAIN = 0x636f686f7274L;

  private final Rules rules;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private boolean closed;

  private record Member(long untilMs, long limitMs, boolean reported, boolean replaced) {
    boolean isLate(long nowMs) {
      return !reported && nowMs >= dueMs();
    }

    long dueMs() {
      return Math.min(untilMs, limitMs);
    }

    Member until(long laterMs) {
      return new Member(laterMs, limitMs, reported, replaced);
    }

    Member asReported() {
      return new Member(untilMs, limitMs, true, false);
    }

    Member asReplaced() {
      return new Member(untilMs, limitMs, reported, true);
    }
  }

  /** Whether a client's result belongs to the round. */
  public enum Standing {
    WORKING,
    REPORTED,
    NOT_CHOSEN,
    /** The round is over, and the client has not reported. */
    CLOSED
  }

  public sealed interface Next {
    /** Nothing before that time, unless a client reports. */
    record Wait(long untilMs) implements Next {}

    record Close() implements Next {}

    /** Invite others, if there are any, and call again at that time at the latest. */
    record Replace(int count, long untilMs) implements Next {}
  }

  /**
   * When a round closes.
   *
   * @param wanted results that close it at once
   * @param fewest results that are enough when all others are late
   * @param deadline time without progress after which a client is late
   * @param limit time since its invitation after which a client is late in any case
   */
  public record Rules(int wanted, int fewest, Duration deadline, Duration limit) {
    public static Rules of(RoundsConfig rounds) {
      return new Rules(
          rounds.cohort().size(),
          rounds.fewest(),
          rounds.cohort().deadline(),
          rounds.cohort().roundLimit());
    }
  }

  public CohortRound(Rules rules) {
    this.rules = rules;
  }

  /**
   * Draws at most {@code count} of the clients that can be chosen: a function of seed, round and
   * clients.
   */
  public static List<String> choose(
      Collection<String> clients, int count, long seed, String round) {
    CounterRandom draws = CounterRandom.of(seed, DOMAIN, hash(round));
    return clients.stream()
        .sorted(
            Comparator.comparingLong((String client) -> draws.bits(hash(client)))
                .thenComparing(Comparator.naturalOrder()))
        .limit(count)
        .toList();
  }

  /**
   * The clients that can do a work. Clients that can hold the dense network measure candidates;
   * only if these are too few, all that can hold a candidate.
   */
  public static <C> List<C> eligible(
      List<C> clients,
      Function<C, DeviceTier> tier,
      RoundWork work,
      PreparedFederation federation) {
    if (work.kind().trains()) {
      return clients;
    }
    List<C> whole = clients.stream().filter(client -> tier.apply(client).isWhole()).toList();
    double density = 1 - federation.run().config().prune().target().sparsity();
    return whole.size() >= federation.rounds().fewest()
        ? whole
        : clients.stream().filter(client -> tier.apply(client).cap() >= density).toList();
  }

  private static long hash(String text) {
    CRC32C checksum = new CRC32C();
    checksum.update(text.getBytes(StandardCharsets.UTF_8));
    return checksum.getValue();
  }

  public void invite(Collection<String> clients, long nowMs) {
    long untilMs = nowMs + rules.deadline().toMillis();
    long limitMs = nowMs + rules.limit().toMillis();
    clients.forEach(
        client -> members.putIfAbsent(client, new Member(untilMs, limitMs, false, false)));
  }

  public void progressed(String client, long nowMs) {
    long untilMs = nowMs + rules.deadline().toMillis();
    members.computeIfPresent(
        client, (name, member) -> member.reported() ? member : member.until(untilMs));
  }

  public void failed(String client, long nowMs) {
    members.computeIfPresent(
        client, (name, member) -> member.reported() ? member : member.until(nowMs));
  }

  public void reported(String client) {
    if (standing(client) != Standing.WORKING) {
      throw new IllegalStateException(
          "only who works in a round can report: client=%s, standing=%s"
              .formatted(client, standing(client)));
    }
    members.computeIfPresent(client, (name, member) -> member.asReported());
  }

  public Standing standing(String client) {
    Member member = members.get(client);
    if (member == null) {
      return closed ? Standing.CLOSED : Standing.NOT_CHOSEN;
    }
    if (member.reported()) {
      return Standing.REPORTED;
    }
    return closed ? Standing.CLOSED : Standing.WORKING;
  }

  public Next next(long nowMs) {
    int working = count(member -> !member.reported());
    int late = count(member -> member.isLate(nowMs));
    if (reported() >= rules.wanted() || (late == working && reported() >= rules.fewest())) {
      return new Next.Close();
    }
    long untilMs =
        members.values().stream()
            .filter(member -> !member.reported() && !member.isLate(nowMs))
            .mapToLong(Member::dueMs)
            .min()
            .orElse(nowMs + rules.deadline().toMillis());
    int unreplaced = count(member -> member.isLate(nowMs) && !member.replaced());
    int missing = Math.min(unreplaced, rules.wanted() - reported() - (working - late));
    return missing > 0 ? new Next.Replace(missing, untilMs) : new Next.Wait(untilMs);
  }

  /** Marks as many late clients as replaced. */
  public void replaced(int count, long nowMs) {
    members.entrySet().stream()
        .filter(entry -> entry.getValue().isLate(nowMs) && !entry.getValue().replaced())
        .limit(count)
        .forEach(entry -> entry.setValue(entry.getValue().asReplaced()));
  }

  /** Refuses all further results. */
  public void close() {
    closed = true;
  }

  /** The clients whose results count, by name. */
  public List<String> reporters() {
    return members.entrySet().stream()
        .filter(entry -> entry.getValue().reported())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** The invited clients that have not reported. */
  public List<String> outstanding() {
    return members.entrySet().stream()
        .filter(entry -> !entry.getValue().reported())
        .map(Map.Entry::getKey)
        .toList();
  }

  public int invited() {
    return members.size();
  }

  public int reported() {
    return count(Member::reported);
  }

  private int count(Predicate<Member> which) {
    return (int) members.values().stream().filter(which).count();
  }
}
