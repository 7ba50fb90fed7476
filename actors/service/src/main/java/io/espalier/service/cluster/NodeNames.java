package io.espalier.service.cluster;

import akka.actor.typed.ActorSystem;
import akka.cluster.ClusterEvent;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import io.espalier.service.ServiceStartException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * The names of a cluster's nodes: each member has its own as a role. Offers, trainers and runs are
 * found by them, so no two members may have the same.
 */
public final class NodeNames {
  private static final String PREFIX = "name:";
  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
  private static final Set<MemberStatus> LIVING =
      Set.of(MemberStatus.up(), MemberStatus.leaving(), MemberStatus.exiting());

  private NodeNames() {}

  static String role(String node) {
    return PREFIX + node;
  }

  /**
   * Returns once no older member has the name of this one, which is up. Waits while such a member
   * is unreachable or leaves. Blocks.
   *
   * @throws ServiceStartException if it lives
   */
  public static void requireOnly(ActorSystem<?> system, String node, Duration limit) {
    long untilNs = System.nanoTime() + limit.toNanos();
    Optional<Member> namesake = namesake(system, node);
    while (namesake.isPresent()) {
      if (lives(system, namesake.get()) || System.nanoTime() > untilNs) {
        throw new ServiceStartException(
            "each node of a cluster must have a name of its own: node=%s is that of %s, which is %s; stop that node, or give this one another name. The name of a node that died is free within a minute"
                .formatted(
                    node,
                    namesake.get().address().hostPort(),
                    lives(system, namesake.get()) ? "up" : "not removed yet"));
      }
      pause();
      namesake = namesake(system, node);
    }
  }

  private static Optional<Member> namesake(ActorSystem<?> system, String node) {
    Member self = Cluster.get(system).selfMember();
    return StreamSupport.stream(state(system).getMembers().spliterator(), false)
        .filter(each -> each.hasRole(role(node)) && LIVING.contains(each.status()))
        .filter(each -> !each.uniqueAddress().equals(self.uniqueAddress()))
        .filter(each -> each.isOlderThan(self))
        .findFirst();
  }

  private static boolean lives(ActorSystem<?> system, Member member) {
    return member.status().equals(MemberStatus.up())
        && !state(system).getUnreachable().contains(member);
  }

  private static ClusterEvent.CurrentClusterState state(ActorSystem<?> system) {
    return Cluster.get(system).state();
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_INTERVAL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceStartException("the start was interrupted", e);
    }
  }
}
