package io.espalier.actors.service.schedule;

import io.espalier.configs.Rules;
import java.util.List;

/**
 * What a node has for runs.
 *
 * @param trainers that may run at once: cores
 * @param memoryMb for all of them together, in MB
 * @param gateways addresses, each for one federation at a time
 */
public record NodeOffer(String node, int trainers, long memoryMb, List<String> gateways) {
  public NodeOffer {
    gateways = List.copyOf(gateways);
    new Rules()
        .require("trainers", trainers, trainers >= 0, "0 or more")
        .require("memoryMb", memoryMb, memoryMb >= 0, "0 or more")
        .verify();
  }
}
