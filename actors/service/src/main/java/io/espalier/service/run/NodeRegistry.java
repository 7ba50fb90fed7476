package io.espalier.service.run;

import akka.actor.typed.ActorRef;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The nodes that offer room for runs. Belongs to the scheduler. */
final class NodeRegistry {
  private final Map<ActorRef<NodeReporter.Command>, NodeOffer> offers = new HashMap<>();
  private Set<ActorRef<NodeReporter.Command>> reporters = Set.of();

  boolean isEmpty() {
    return offers.isEmpty();
  }

  Collection<NodeOffer> offers() {
    return Collections.unmodifiableCollection(offers.values());
  }

  Set<String> names() {
    Set<String> names = new HashSet<>();
    offers.values().forEach(offer -> names.add(offer.node()));
    return names;
  }

  void add(ActorRef<NodeReporter.Command> reporter, NodeOffer offer) {
    offers.put(reporter, offer);
  }

  void remove(String node) {
    offers.values().removeIf(offer -> offer.node().equals(node));
  }

  /**
   * Takes the reporters of all reachable nodes, requests new offers, and returns the lost nodes.
   */
  Set<String> update(
      Set<ActorRef<NodeReporter.Command>> listed, ActorRef<Scheduler.Command> scheduler) {
    listed.stream()
        .filter(reporter -> !reporters.contains(reporter))
        .forEach(reporter -> reporter.tell(new NodeReporter.Introduce(scheduler)));
    reporters = Set.copyOf(listed);
    Set<String> gone = new HashSet<>();
    offers.forEach(
        (reporter, offer) -> {
          if (!reporters.contains(reporter)) {
            gone.add(offer.node());
          }
        });
    offers.keySet().retainAll(reporters);
    return gone;
  }
}
