package io.espalier.masks.channel;

import io.espalier.masks.Mask;
import io.espalier.masks.annealing.Annealing;
import io.espalier.masks.annealing.MaskDraw;
import io.espalier.masks.annealing.Temperature;
import io.espalier.masks.annealing.UnitDraw;
import io.espalier.masks.annealing.UnitDraw.Cohort;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/**
 * Annealing channels: a weight takes part where all channels that it belongs to do. All of it
 * follows from the state of the channels, which is stored and travels.
 */
public final class ChannelAnnealing implements Annealing {
  private final ChannelMasks masks;
  private final ChannelState channels;
  private final Temperature temperature;
  private final List<Mask> fading;

  private ChannelAnnealing(
      ChannelMasks masks, ChannelState channels, Temperature temperature, List<Mask> fading) {
    this.masks = masks;
    this.channels = channels;
    this.temperature = temperature;
    this.fading = List.copyOf(fading);
  }

  /**
   * The channels that were pruned and not cut.
   *
   * @param fades whether what an update at a step pruned takes part at random
   */
  public static ChannelAnnealing of(
      ChannelMasks masks, ChannelState channels, Temperature temperature, LongPredicate fades) {
    boolean warm = temperature.at(0) > 0;
    return new ChannelAnnealing(
        masks, channels, temperature, channels.prunedAt(step -> warm && fades.test(step)));
  }

  public ChannelState channels() {
    return channels;
  }

  @Override
  public boolean isOver() {
    return fading.stream().allMatch(mask -> mask.kept() == 0);
  }

  @Override
  public boolean reaches(int parameter) {
    return masks.groups().all().stream()
        .anyMatch(group -> fading.get(group.id()).kept() > 0 && masks.flow(group, parameter));
  }

  @Override
  public ChannelAnnealing aliveAt(long step) {
    List<Mask> alive = isOver() ? fading : fadingAt(step);
    return alive.equals(fading) ? this : new ChannelAnnealing(masks, channels, temperature, alive);
  }

  private List<Mask> fadingAt(long step) {
    List<Mask> alive = channels.prunedAt(since -> temperature.at(step - since) > 0);
    return each(group -> fading.get(group).and(alive.get(group)));
  }

  @Override
  public List<Mask> living(List<Mask> kept, long step) {
    List<Mask> alive = fadingAt(step);
    return masks.of(each(group -> channels.kept().get(group).or(alive.get(group))));
  }

  @Override
  public MaskDraw draw(int parameter, Mask kept) {
    List<UnitDraw> draws = masks.groups().all().stream().map(group -> draw(group.id())).toList();
    return new ChannelDraw(masks.channelsAlong(parameter), draws);
  }

  private UnitDraw draw(int group) {
    Mask some = fading.get(group);
    List<Cohort> cohorts =
        IntStream.range(0, some.size())
            .filter(some::isKept)
            .mapToLong(channel -> prunedAt(group, channel))
            .sorted()
            .distinct()
            .mapToObj(step -> new Cohort(step, prunedAt(group, step)))
            .toList();
    return new UnitDraw(group, channels.kept().get(group), cohorts, temperature);
  }

  private Mask prunedAt(int group, long step) {
    Mask some = fading.get(group);
    return Mask.of(some.size(), each -> some.isKept(each) && prunedAt(group, each) == step);
  }

  private long prunedAt(int group, int channel) {
    return channels.prunedAt(group, channel).orElseThrow();
  }

  private List<Mask> each(IntFunction<Mask> ofGroup) {
    return IntStream.range(0, fading.size()).mapToObj(ofGroup).toList();
  }
}
