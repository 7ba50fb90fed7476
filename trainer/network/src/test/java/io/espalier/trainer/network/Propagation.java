package io.espalier.trainer.network;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.Network.GraphNode;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The same question asked the slow way: starting with one channel, what goes is carried through the
 * rules of all layers in both directions until nothing more goes (Wang, Rachwan, Günnemann and
 * Charpentier, "Structurally Prune Anything", 2024).
 */
final class Propagation {
  private final Network network;
  private final Map<String, BitSet> gone = new HashMap<>();
  private boolean changed;

  private Propagation(Network network) {
    this.network = network;
    gone.put(Network.INPUT, new BitSet());
    network.nodes().forEach(node -> gone.put(node.name(), new BitSet()));
  }

  /** All that goes with one channel of what a node gives. */
  static Propagation from(Network network, String node, int channel) {
    Propagation propagation = new Propagation(network);
    propagation.of(node).set(channel);
    do {
      propagation.changed = false;
      network.nodes().forEach(propagation::carry);
    } while (propagation.changed);
    return propagation;
  }

  boolean reaches(String node) {
    return !of(node).isEmpty();
  }

  /** What goes of the parameters, as {@code name/axis/index}. */
  Set<String> entries() {
    Set<String> entries = new HashSet<>();
    for (GraphNode node : network.nodes()) {
      BitSet outputs = of(node.name());
      for (ParameterSpec spec : network.parametersOf(node)) {
        outputs.stream().forEach(index -> entries.add(entry(spec.id(), 0, index)));
        if (spec.role() == ParameterSpec.Role.WEIGHT && !isDepthwise(node)) {
          int inputs = spec.shape().dimensions().get(1);
          of(node.inputs().get(0)).stream()
              .filter(index -> index < inputs)
              .forEach(index -> entries.add(entry(spec.id(), 1, index)));
        }
      }
    }
    return entries;
  }

  static String entry(ParameterId id, int axis, int index) {
    return id + "/" + axis + "/" + index;
  }

  private BitSet of(String node) {
    return Objects.requireNonNull(gone.get(node));
  }

  private boolean isDepthwise(GraphNode node) {
    return node.layer() instanceof Convolution convolution
        && convolution.groups() > 1
        && convolution.groups() == channels(node.inputs().get(0));
  }

  private int channels(String node) {
    return network.shapeOf(node).channels();
  }

  private void carry(GraphNode node) {
    String input = node.inputs().get(0);
    int outputs = channels(node.name());
    if (node.layer() instanceof Linear) {
      return;
    }
    if (node.layer() instanceof Convolution convolution && !isDepthwise(node)) {
      shift(input, channels(input) / convolution.groups());
      shift(node.name(), outputs / convolution.groups());
      return;
    }
    if (node.layer() instanceof Concat) {
      int offset = 0;
      for (String from : node.inputs()) {
        for (int channel = 0; channel < channels(from); channel++) {
          same(from, channel, node.name(), offset + channel);
        }
        offset += channels(from);
      }
      return;
    }
    if (node.layer() instanceof ChannelShuffle shuffle) {
      int block = outputs / shuffle.groups();
      shift(input, block);
      for (int channel = 0; channel < outputs; channel++) {
        int dealt = channel % block * shuffle.groups() + channel / block;
        same(input, channel, node.name(), dealt);
      }
      return;
    }
    if (node.layer() instanceof GroupNorm norm) {
      spread(input, outputs / norm.groups());
    }
    for (String from : node.inputs()) {
      for (int channel = 0; channel < outputs; channel++) {
        same(from, channel / (outputs / channels(from)), node.name(), channel);
      }
    }
  }

  private void shift(String node, int size) {
    for (int channel = 0; channel + size < channels(node); channel++) {
      same(node, channel, node, channel + size);
    }
  }

  /** Of a block of neighbours all go, or none. */
  private void spread(String node, int size) {
    for (int channel = 0; channel < channels(node); channel++) {
      for (int other = channel / size * size; other < channel; other++) {
        same(node, channel, node, other);
      }
    }
  }

  private void same(String one, int channel, String other, int otherChannel) {
    if (of(one).get(channel) != of(other).get(otherChannel)) {
      of(one).set(channel);
      of(other).set(otherChannel);
      changed = true;
    }
  }
}
