package io.espalier.federation.simulation;

import io.espalier.federation.server.CohortRound;
import io.espalier.masks.random.CounterRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Plays one round as the server would see it: clients finish in the order of their speed, and the
 * server's rules decide who is late and when it closes. A client that leaves does not come back
 * while others work; when none does any more, those that are present again begin anew. A function
 * of its arguments. Not thread-safe; used once.
 */
final class VirtualRound {
  private static final long DOMAIN = 0x64726f70L;

  private static final int MOST_LOOKS = 10_000;

  private final Setting setting;
  private final String key;
  private final Workload workload;
  private final CohortRound round;
  private final Map<String, ClientTask> tasks = new LinkedHashMap<>();
  private final PriorityQueue<ClientTask> finishing =
      new PriorityQueue<>(
          Comparator.comparingLong(ClientTask::endsMs)
              .thenComparing(task -> task.client().number()));
  private final Set<String> refused = new HashSet<>();
  private final long deadlineMs;
  private long nowMs;
  private int look;
  private long wastedDown;

  interface Workload {
    List<VirtualClient> eligible(List<VirtualClient> there);

    ClientTask.Load load(VirtualClient client);

    void started(int invited, int connected);

    /** Offers a result {@code seconds} after its invitation; returns whether it is accepted. */
    boolean delivered(VirtualClient client, double seconds);
  }

  /**
   * The end of a round.
   *
   * @param reported clients whose results count, in the order of their names
   * @param late clients that were still at work
   * @param lost clients that had left
   * @param equipped clients that had downloaded everything
   * @param bytesDown that reached clients
   */
  record Outcome(
      long startMs,
      long endMs,
      int invited,
      List<String> reported,
      List<String> late,
      List<String> lost,
      List<String> equipped,
      int refused,
      long bytesDown) {
    public Outcome {
      reported = List.copyOf(reported);
      late = List.copyOf(late);
      lost = List.copyOf(lost);
      equipped = List.copyOf(equipped);
    }

    /** From the first invitation to the close. */
    public double seconds() {
      return (endMs - startMs) / 1e3;
    }
  }

  /** The round can never end: the clients that it needs do not come. */
  static final class StalledException extends RuntimeException {
    StalledException(String message) {
      super(message);
    }
  }

  /** Settings of all rounds; {@code dropOut} is the probability of leaving at work. */
  public record Setting(
      Population population, CohortRound.Rules rules, int invited, double dropOut, long seed) {}

  public VirtualRound(Setting setting, String key, Workload workload, long nowMs) {
    this.setting = setting;
    this.key = key;
    this.workload = workload;
    this.round = new CohortRound(setting.rules());
    this.deadlineMs = setting.rules().deadline().toMillis();
    this.nowMs = nowMs;
  }

  /** Plays the round to its close; throws {@link StalledException} if too few clients come. */
  public Outcome play() {
    List<String> there = waitForClients();
    long startMs = nowMs;
    List<String> cohort = CohortRound.choose(there, setting.invited(), setting.seed(), key);
    workload.started(cohort.size(), there.size());
    invite(cohort);
    while (true) {
      CohortRound.Next next = round.next(nowMs);
      if (next instanceof CohortRound.Next.Close) {
        round.close();
        return outcome(startMs);
      }
      if (next instanceof CohortRound.Next.Replace replace) {
        if (!replaced(replace.count())) {
          advance(replace.untilMs());
        }
      } else {
        advance(((CohortRound.Next.Wait) next).untilMs());
      }
    }
  }

  /** As many as are wanted; or, once all who come have had time to, as many as are needed. */
  private List<String> waitForClients() {
    List<String> there = others();
    int enough = setting.rules().wanted();
    while (there.size() < enough) {
      nowMs += deadlineMs;
      lookAgain();
      enough = setting.rules().fewest();
      there = others();
    }
    return there;
  }

  private List<String> others() {
    Availability availability = setting.population().availability();
    List<VirtualClient> there =
        setting.population().clients().stream()
            .filter(client -> availability.isThere(client.number(), key, look, nowMs))
            .toList();
    return workload.eligible(there).stream()
        .map(VirtualClient::name)
        .filter(name -> !tasks.containsKey(name))
        .toList();
  }

  private boolean replaced(int count) {
    List<String> chosen = CohortRound.choose(others(), count, setting.seed(), key);
    invite(chosen);
    round.replaced(chosen.size(), nowMs);
    return !chosen.isEmpty();
  }

  private void invite(List<String> names) {
    round.invite(names, nowMs);
    for (String name : names) {
      VirtualClient client = setting.population().client(name);
      begin(client, workload.load(client));
    }
  }

  private void begin(VirtualClient client, ClientTask.Load load) {
    ClientTask whole = ClientTask.of(client, load, nowMs);
    Availability availability = setting.population().availability();
    ClientTask task =
        whole
            .leavingAt(availability.leavesMs(client.number(), nowMs))
            .leavingAt(dropsOutMs(client, whole));
    tasks.put(client.name(), task);
    if (!task.isLost()) {
      finishing.add(task);
    }
  }

  private long dropsOutMs(VirtualClient client, ClientTask whole) {
    CounterRandom random = CounterRandom.of(setting.seed(), DOMAIN, key.hashCode(), look);
    boolean drops = random.uniform(2L * client.number()) < setting.dropOut();
    return drops
        ? nowMs + (long) (random.uniform(2L * client.number() + 1) * whole.durationMs())
        : Long.MAX_VALUE;
  }

  /** Advances to that time, or to the next result if one comes before. */
  private void advance(long untilMs) {
    ClientTask next = finishing.peek();
    if (next != null && next.endsMs() <= untilMs) {
      finishing.remove();
      nowMs = next.endsMs();
      deliver(next);
      return;
    }
    nowMs = untilMs;
    tasks.forEach((name, task) -> round.progressed(name, task.progressedMs(nowMs)));
    if (next == null && isStuck()) {
      lookAgain();
      restart();
    }
  }

  private boolean isStuck() {
    return !(round.next(nowMs) instanceof CohortRound.Next.Close)
        && round.outstanding().stream()
            .map(tasks::get)
            .allMatch(task -> task == null || nowMs >= task.progressedMs(nowMs) + deadlineMs);
  }

  private void deliver(ClientTask task) {
    String name = task.client().name();
    if (workload.delivered(task.client(), (nowMs - task.startMs()) / 1e3)) {
      round.reported(name);
    } else {
      refused.add(name);
    }
  }

  /** Clients that left, and are present again, begin anew with what they have downloaded. */
  private void restart() {
    Availability availability = setting.population().availability();
    for (String name : round.outstanding()) {
      ClientTask before = tasks.get(name);
      if (before != null
          && before.isLost()
          && availability.isThere(before.client().number(), key, look, nowMs)) {
        long received = before.received(nowMs);
        wastedDown += received;
        round.progressed(name, nowMs);
        begin(before.client(), before.load().withDown(before.load().bytesDown() - received));
      }
    }
  }

  private void lookAgain() {
    look++;
    if (look > MOST_LOOKS || setting.population().availability().isOver(nowMs)) {
      throw new StalledException(
          "a round needs its quorum of clients: round=%s, reported=%d, quorum=%d, clients=%d, at=%ds; let more be there, fewer drop out, or lower federation.quorum"
              .formatted(
                  key,
                  round.reported(),
                  setting.rules().fewest(),
                  setting.population().clients().size(),
                  nowMs / 1000));
    }
  }

  private Outcome outcome(long startMs) {
    List<String> late = new ArrayList<>();
    List<String> lost = new ArrayList<>();
    for (String name : round.outstanding()) {
      ClientTask task = tasks.get(name);
      if (task != null && !refused.contains(name)) {
        (task.leavesMs() <= nowMs && task.isLost() ? lost : late).add(name);
      }
    }
    return new Outcome(
        startMs,
        nowMs,
        round.invited(),
        round.reporters(),
        late,
        lost,
        tasks.values().stream()
            .filter(task -> task.received(nowMs) == task.load().bytesDown())
            .map(task -> task.client().name())
            .toList(),
        refused.size(),
        wastedDown + tasks.values().stream().mapToLong(task -> task.received(nowMs)).sum());
  }
}
