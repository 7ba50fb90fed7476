package io.espalier.masks.selection;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.structure.Group;
import io.espalier.masks.structure.GroupMember;
import io.espalier.masks.structure.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Exchanges weights within parameters until each hidden channel that is read is given and the other
 * way round, as far as other channels can spare a weight. A channel is given or read by each kept
 * weight of it, and always where the weights cannot be pruned or the network's inputs or outputs
 * are on that side. Weights of depth-wise convolutions stay as they are.
 */
final class FlowRepair {
  private static final int NONE = ParameterFlow.NONE;

  private final Ranking ranking;
  private final List<ParameterFlow> flows = new ArrayList<>();
  private final int[] given;
  private final int[] read;
  private final boolean[] alwaysGiven;
  private final boolean[] alwaysRead;

  FlowRepair(Groups groups, List<ParameterShape> parameters, Ranking ranking, List<Mask> chosen) {
    this.ranking = ranking;
    int channels = groups.all().stream().mapToInt(Group::channels).sum();
    this.given = new int[channels];
    this.read = new int[channels];
    this.alwaysGiven = new boolean[channels];
    this.alwaysRead = new boolean[channels];
    for (int p = 0; p < parameters.size(); p++) {
      flows.add(new ParameterFlow(parameters.get(p), chosen.get(p)));
    }
    place(groups, parameters.stream().map(ParameterShape::id).toList());
    for (ParameterFlow flow : flows) {
      for (int weight = 0; weight < flow.size(); weight++) {
        if (flow.isKept(weight)) {
          count(flow, weight, 1);
        }
      }
    }
  }

  private void place(Groups groups, List<ParameterId> prunable) {
    int first = 0;
    for (Group group : groups.all()) {
      List<GroupMember> weights =
          group.members().stream().filter(member -> mixes(groups, member)).toList();
      Arrays.fill(alwaysGiven, first, first + group.channels(), isOpen(weights, 0, prunable));
      Arrays.fill(alwaysRead, first, first + group.channels(), isOpen(weights, 1, prunable));
      for (GroupMember member : weights) {
        int p = prunable.indexOf(member.parameter());
        for (int c = 0; p >= 0 && c < group.channels(); c++) {
          int channel = first + c;
          member.indices(c).forEach(index -> flows.get(p).place(member.axis(), index, channel));
        }
      }
      first += group.channels();
    }
  }

  /** Whether it is the side of a weight which gives channels for others that it reads. */
  private static boolean mixes(Groups groups, GroupMember member) {
    boolean isWeight = groups.shape(member.parameter()).rank() > 1;
    return isWeight && (member.axis() > 0 || !groups.isReader(member));
  }

  /** Whether channels have something along an axis that no mask prunes, or nothing that one may. */
  private static boolean isOpen(List<GroupMember> weights, int axis, List<ParameterId> prunable) {
    List<GroupMember> along = weights.stream().filter(each -> each.axis() == axis).toList();
    return along.isEmpty() || !along.stream().allMatch(each -> prunable.contains(each.parameter()));
  }

  private void count(ParameterFlow flow, int weight, int by) {
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
    return flows.stream().map(ParameterFlow::mask).toList();
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
      ParameterFlow flow = flows.get(p);
      for (int weight = 0; weight < flow.size(); weight++) {
        if ((give ? flow.output(weight) : flow.input(weight)) != channel
            || flow.isKept(weight)
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
    ParameterFlow flow = flows.get(parameter);
    count(flow, weight, 1);
    float[] scores = ranking.scores(parameter);
    int worst = NONE;
    for (int each = 0; each < flow.size(); each++) {
      if (flow.isKept(each)
          && (worst == NONE || scores[each] < scores[worst])
          && isSpare(flow, each)) {
        worst = each;
      }
    }
    if (worst == NONE) {
      count(flow, weight, -1);
      return false;
    }
    flow.keep(weight, true);
    flow.keep(worst, false);
    count(flow, worst, -1);
    return true;
  }

  private boolean isSpare(ParameterFlow flow, int weight) {
    int output = flow.output(weight);
    int input = flow.input(weight);
    return (output == NONE || given[output] > 1 || alwaysGiven[output] || read[output] == 0)
        && (input == NONE || read[input] > 1 || alwaysRead[input] || given[input] == 0);
  }
}
