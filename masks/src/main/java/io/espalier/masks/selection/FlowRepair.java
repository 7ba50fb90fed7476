package io.espalier.masks.selection;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.GroupMember;
import io.espalier.masks.structure.Groups;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Exchanges weights within parameters until each hidden channel that is read is given and the other
 * way round, as far as other channels can spare a weight. A channel is given or read by each kept
 * weight of it, and always where the weights cannot be pruned or the network's inputs or outputs
 * are on that side. Weights of depth-wise convolutions stay as they are.
 */
final class FlowRepair {
  private static final int NONE = -1;

  private final Ranking ranking;
  private final List<Flow> flows = new ArrayList<>();
  private final int[] given;
  private final int[] read;
  private final boolean[] alwaysGiven;
  private final boolean[] alwaysRead;

  /** One parameter's kept weights, and the channels that each of its outputs and inputs is. */
  private record Flow(boolean[] kept, int[] outputs, int[] inputs, int kernel) {
    int output(int weight) {
      return outputs[weight / (inputs.length * kernel)];
    }

    int input(int weight) {
      return inputs[weight / kernel % inputs.length];
    }
  }

  FlowRepair(Groups groups, List<ParameterShape> parameters, Ranking ranking, List<Mask> chosen) {
    this.ranking = ranking;
    int channels = groups.all().stream().mapToInt(Group::channels).sum();
    this.given = new int[channels];
    this.read = new int[channels];
    this.alwaysGiven = new boolean[channels];
    this.alwaysRead = new boolean[channels];
    for (int p = 0; p < parameters.size(); p++) {
      ParameterShape shape = parameters.get(p);
      int outputs = shape.dimensions().get(0);
      int inputs = shape.dimensions().get(1);
      Mask mask = chosen.get(p);
      boolean[] kept = new boolean[shape.size()];
      mask.forEachKept(weight -> kept[weight] = true);
      flows.add(
          new Flow(
              kept,
              IntStream.generate(() -> NONE).limit(outputs).toArray(),
              IntStream.generate(() -> NONE).limit(inputs).toArray(),
              shape.size() / outputs / inputs));
    }
    place(groups, parameters.stream().map(ParameterShape::id).toList());
    for (Flow flow : flows) {
      for (int weight = 0; weight < flow.kept().length; weight++) {
        if (flow.kept()[weight]) {
          count(flow, weight, 1);
        }
      }
    }
  }

  private void place(Groups groups, List<ParameterId> prunable) {
    int first = 0;
    for (Group group : groups.all()) {
      List<GroupMember> weights =
          group.members().stream()
              .filter(member -> groups.shape(member.parameter()).rank() > 1)
              .toList();
      boolean givers = false;
      boolean readers = false;
      for (GroupMember member : weights) {
        boolean reads = groups.isReader(member);
        int p = prunable.indexOf(member.parameter());
        givers |= !reads;
        readers |= reads && member.axis() > 0;
        for (int c = 0; c < group.channels(); c++) {
          if (p < 0) {
            (reads ? alwaysRead : alwaysGiven)[first + c] |= member.axis() > 0 || !reads;
          } else if (!reads || member.axis() > 0) {
            int[] places = reads ? flows.get(p).inputs() : flows.get(p).outputs();
            int channel = first + c;
            member.indices(c).forEach(index -> places[index] = channel);
          }
        }
      }
      for (int c = first; c < first + group.channels(); c++) {
        alwaysGiven[c] |= !givers;
        alwaysRead[c] |= !readers;
      }
      first += group.channels();
    }
  }

  private void count(Flow flow, int weight, int by) {
    if (flow.output(weight) != NONE) {
      given[flow.output(weight)] += by;
    }
    if (flow.input(weight) != NONE) {
      read[flow.input(weight)] += by;
    }
  }

  List<Mask> repaired() {
    boolean changed = true;
    for (int sweep = 0; changed && sweep <= given.length; sweep++) {
      changed = false;
      for (int channel = 0; channel < given.length; channel++) {
        if (read[channel] > 0 && !isGiven(channel)) {
          changed |= connect(channel, true);
        }
        if (given[channel] > 0 && !isRead(channel)) {
          changed |= connect(channel, false);
        }
      }
    }
    return flows.stream()
        .map(flow -> Mask.of(flow.kept().length, weight -> flow.kept()[weight]))
        .toList();
  }

  private boolean isGiven(int channel) {
    return alwaysGiven[channel] || given[channel] > 0;
  }

  private boolean isRead(int channel) {
    return alwaysRead[channel] || read[channel] > 0;
  }

  /** Exchanges a weight for the best one that gives or reads a channel. */
  private boolean connect(int channel, boolean give) {
    int parameter = NONE;
    int best = NONE;
    boolean bestLives = false;
    for (int p = 0; p < flows.size(); p++) {
      Flow flow = flows.get(p);
      for (int weight = 0; weight < flow.kept().length; weight++) {
        if ((give ? flow.output(weight) : flow.input(weight)) != channel
            || flow.kept()[weight]
            || !ranking.candidates().get(p).isKept(weight)) {
          continue;
        }
        int other = give ? flow.input(weight) : flow.output(weight);
        boolean lives = other == NONE || (give ? isGiven(other) : isRead(other));
        if (best == NONE
            || (lives && !bestLives)
            || (lives == bestLives
                && ranking.scores(p)[weight] > ranking.scores(parameter)[best])) {
          parameter = p;
          best = weight;
          bestLives = lives;
        }
      }
    }
    return best != NONE && exchange(parameter, best);
  }

  /** Keeps a weight in place of the worst one that every channel can spare. */
  private boolean exchange(int parameter, int weight) {
    Flow flow = flows.get(parameter);
    count(flow, weight, 1);
    float[] scores = ranking.scores(parameter);
    int worst = NONE;
    for (int each = 0; each < flow.kept().length; each++) {
      if (flow.kept()[each]
          && (worst == NONE || scores[each] < scores[worst])
          && isSpare(flow, each)) {
        worst = each;
      }
    }
    if (worst == NONE) {
      count(flow, weight, -1);
      return false;
    }
    flow.kept()[weight] = true;
    flow.kept()[worst] = false;
    count(flow, worst, -1);
    return true;
  }

  private boolean isSpare(Flow flow, int weight) {
    int output = flow.output(weight);
    int input = flow.input(weight);
    return (output == NONE || given[output] > 1 || alwaysGiven[output] || read[output] == 0)
        && (input == NONE || read[input] > 1 || alwaysRead[input] || given[input] == 0);
  }
}
