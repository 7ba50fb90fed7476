package io.espalier.trainer.analysis;

import io.espalier.trainer.analysis.Finding.Format;
import io.espalier.trainer.analysis.Finding.Heading;
import io.espalier.trainer.network.ActivationLayer;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The entropy of the state of neurons, given the class: whether what reaches a neuron's activation
 * is above 0 (Tartaglione, Bragagnolo and Grangetto, "Pruning Artificial Neural Networks: A Way to
 * Find Well-Generalizing, High-Entropy Sharp Minima", 2020). Of a convolution each channel is a
 * neuron, seen at all positions. Gradually pruned networks have higher entropy: their neurons are
 * less specific to classes.
 */
final class PspEntropy implements NetworkDiagnostic {
  private static final List<Heading> HEADINGS =
      List.of(
          new Heading("layer", "layer", Format.TEXT),
          new Heading("neurons", "neurons", Format.COUNT),
          new Heading("constant", "constant", Format.COUNT),
          new Heading("entropy", "entropy, bits", Format.NUMBER));

  @Override
  public String name() {
    return "psp-entropy";
  }

  @Override
  public String summary() {
    return "entropy of neurons being on, given the class, per layer that feeds an activation; one"
        + " pass of a sample of the training examples";
  }

  @Override
  public Optional<String> obstacle(AnalysedNetwork network) {
    return sources(network).isEmpty()
        ? Optional.of("the network has no activation")
        : Optional.empty();
  }

  /** Nodes whose output is the input of an activation. */
  private static List<String> sources(AnalysedNetwork network) {
    return network.network().nodes().stream()
        .filter(
            node ->
                node.layer()
                    .as(ActivationLayer.class)
                    .filter(ActivationLayer::activates)
                    .isPresent())
        .map((GraphNode node) -> node.inputs().get(0))
        .filter(name -> !name.equals(Network.INPUT))
        .distinct()
        .toList();
  }

  @Override
  public Finding find(AnalysedNetwork network) {
    Sample sample = network.trainingSample();
    int classes = network.network().outputs();
    Map<String, NeuronStates> states = new LinkedHashMap<>();
    List<String> sources = sources(network);
    for (String source : sources) {
      states.put(source, new NeuronStates(classes));
    }
    network.forEachBatch(
        sample,
        batch ->
            network
                .passes()
                .outputs(
                    batch,
                    sources,
                    (node, output) ->
                        Objects.requireNonNull(states.get(node))
                            .add(output, network.network().shapeOf(node).channels(), batch)));
    return finding(states, sample);
  }

  private static Finding finding(Map<String, NeuronStates> states, Sample sample) {
    List<List<Object>> rows = new ArrayList<>();
    double sum = 0;
    long neurons = 0;
    long constant = 0;
    for (Map.Entry<String, NeuronStates> each : states.entrySet()) {
      double[] entropies = each.getValue().entropies();
      double layer = 0;
      long still = 0;
      for (double entropy : entropies) {
        layer += entropy;
        still += entropy == 0 ? 1 : 0;
      }
      rows.add(List.of(each.getKey(), (long) entropies.length, still, layer / entropies.length));
      sum += layer;
      neurons += entropies.length;
      constant += still;
    }
    return Finding.titled("PSP-entropy")
        .number("entropy", "mean entropy of a neuron, bits", sum / neurons)
        .count("neurons", "neurons", neurons)
        .count("constant", "of them constant in each class", constant)
        .table("", HEADINGS, rows)
        .note(
            "On %,d training examples, mean over classes: 0 where a neuron is always on or always off for a class, 1 where it is either half of the time."
                .formatted(sample.count()));
  }
}
