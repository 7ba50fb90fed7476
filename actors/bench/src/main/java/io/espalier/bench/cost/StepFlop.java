package io.espalier.bench.cost;

import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.prepare.PreparedRun;
import java.util.HashSet;
import java.util.Set;

/**
 * Floating-point operations of a dense training step, two for each multiply-accumulate of a weight:
 * of the outputs, of the weight's gradient, and of the gradient of what the layer reads. Layers
 * that no trained value feeds, such as the first one, have no use for the last. Products of two
 * activations, norms, activation functions and the optimizer are left out.
 */
final class StepFlop {
  private StepFlop() {}

  static long of(PreparedRun run) {
    Network network = run.network();
    Set<String> trained = new HashSet<>();
    long macs = 0;
    for (GraphNode node : network.nodes()) {
      boolean passesGradient = node.inputs().stream().anyMatch(trained::contains);
      long own = network.parametersOf(node).stream().mapToLong(ParameterSpec::macs).sum();
      macs += (passesGradient ? 3 : 2) * own;
      if (passesGradient || !network.parametersOf(node).isEmpty()) {
        trained.add(node.name());
      }
    }
    return 2 * macs * run.config().stepExamples();
  }
}
