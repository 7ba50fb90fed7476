package io.espalier.service.run;

import io.espalier.configs.Rules;
import io.espalier.trainer.run.CodeVersion;
import java.util.List;

/**
 * A node's offer for runs.
 *
 * @param trainers that may run at once: cores
 * @param memoryMb for all of them together, in MB
 * @param gateways addresses, each for one federation at a time
 * @param version of its code, the same for all trainers of a run
 */
public record NodeOffer(
    String node, int trainers, long memoryMb, List<String> gateways, String version) {
  public NodeOffer {
    gateways = List.copyOf(gateways);
    new Rules()
        .require("trainers", trainers, trainers >= 0, "0 or more")
        .require("memoryMb", memoryMb, memoryMb >= 0, "0 or more")
        .verify();
  }

  public static NodeOffer of(String node, int trainers, long memoryMb, List<String> gateways) {
    return new NodeOffer(node, trainers, memoryMb, gateways, CodeVersion.current());
  }
}
