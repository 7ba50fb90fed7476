package io.espalier.trainer.state;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.annealing.Annealing;
import io.espalier.masks.annealing.AnnealingState;
import io.espalier.masks.annealing.AnnealingState.AnnealingGroup;
import io.espalier.masks.annealing.Temperature;
import io.espalier.masks.channel.ChannelAnnealing;
import io.espalier.masks.channel.ChannelCodec;
import io.espalier.masks.channel.ChannelMasks;
import io.espalier.masks.channel.ChannelState;
import io.espalier.masks.kind.MaskKind;
import io.espalier.masks.kind.PrunedUnits;
import io.espalier.masks.schedule.Plan;
import java.util.List;
import java.util.Optional;

/** One version's masks and the units that live, are hidden, or anneal. Immutable. */
public final class MaskState {
  private final MaskKind kind;
  private final long freezeStep;
  private final MaskSet masks;
  private final long updatedAt;
  private final AnnealingState weights;
  private final Optional<ChannelAnnealing> channels;
  private final String layoutDigest;

  private MaskState(
      MaskKind kind,
      long freezeStep,
      MaskSet masks,
      long updatedAt,
      AnnealingState weights,
      Optional<ChannelAnnealing> channels,
      String layoutDigest) {
    this.kind = kind;
    this.freezeStep = freezeStep;
    this.masks = masks;
    this.updatedAt = updatedAt;
    this.weights = weights;
    this.channels = channels;
    this.layoutDigest = layoutDigest;
  }

  /** Masks of weights, with what an encoded state adds to none that anneal. */
  public static MaskState of(
      MaskKind kind,
      Plan plan,
      MaskSet masks,
      long updatedAt,
      byte[] annealing,
      AnnealingState none) {
    return of(
        kind,
        plan,
        masks,
        updatedAt,
        none.with(AnnealingCodec.decode(annealing, masks.layout(), masks.parameters())));
  }

  public static MaskState of(
      MaskKind kind, Plan plan, MaskSet masks, long updatedAt, AnnealingState weights) {
    return new MaskState(
        kind,
        plan.freezeStep(),
        masks,
        updatedAt,
        weights,
        Optional.empty(),
        masks.layout().digest());
  }

  /** The masks of weights that follow from channels; producers of returning ones are unmasked. */
  public static MaskState ofChannels(
      MaskKind kind,
      Plan plan,
      ChannelMasks masks,
      ChannelState channels,
      MaskVersion version,
      long updatedAt,
      Temperature temperature) {
    ChannelMasks.Sides sides =
        hidesLivingUnits(kind, updatedAt, plan.freezeStep())
            ? ChannelMasks.Sides.READERS
            : ChannelMasks.Sides.BOTH;
    MaskSet set = masks.of(channels.kept(), sides, version);
    return new MaskState(
        kind,
        plan.freezeStep(),
        set,
        updatedAt,
        AnnealingState.none(temperature),
        Optional.of(
            ChannelAnnealing.of(
                masks, channels, temperature, step -> fades(kind, step, plan.freezeStep()))),
        set.layout().digest());
  }

  public MaskState updated(MaskSet next, long step) {
    AnnealingState later =
        fades(kind, step, freezeStep) ? weights.add(masks, next, step).aliveAt(step) : weights;
    return new MaskState(kind, freezeStep, next, step, later, channels, layoutDigest);
  }

  public MaskState withoutDead(long step) {
    if (annealing().aliveAt(step) == annealing()) {
      return this;
    }
    return new MaskState(
        kind,
        freezeStep,
        masks,
        updatedAt,
        weights.aliveAt(step),
        channels.map(each -> each.aliveAt(step)),
        layoutDigest);
  }

  public MaskSet masks() {
    return masks;
  }

  /** Which weights anneal, where this does not follow from channels. */
  public byte[] encodedAnnealing() {
    return AnnealingCodec.encode(weights, masks);
  }

  public Annealing annealing() {
    return channels.<Annealing>map(each -> each).orElse(weights);
  }

  /** The channels behind the masks; empty where weights or units of weights are pruned. */
  public Optional<ChannelState> channels() {
    return channels.map(ChannelAnnealing::channels);
  }

  /** Step of the last update; 0 for dense masks. */
  public long updatedAt() {
    return updatedAt;
  }

  /** Whether a mask update is still to come. */
  public boolean mayChange() {
    return updatedAt < freezeStep;
  }

  public MaskKind kind() {
    return kind;
  }

  /** Whether the forward pass does not see pruned weights that still learn. */
  public boolean hidesLivingUnits() {
    return hidesLivingUnits(kind, updatedAt, freezeStep);
  }

  /** Whether steps compute with kept weights, and no pruned one lives. */
  public boolean stepsOnKept() {
    return !hidesLivingUnits() && annealing().isOver();
  }

  private static boolean hidesLivingUnits(MaskKind kind, long updatedAt, long freezeStep) {
    return kind.pruned(updatedAt < freezeStep) == PrunedUnits.RETURNING;
  }

  private static boolean fades(MaskKind kind, long prunedAt, long freezeStep) {
    return kind.pruned(prunedAt < freezeStep) == PrunedUnits.FADING;
  }

  /** The units that a mask update ranks: kept ones, or all where hidden ones may return. */
  public List<Mask> candidates() {
    return hidesLivingUnits()
        ? masks.masks().stream().map(mask -> Mask.allKept(mask.size())).toList()
        : masks.masks();
  }

  /** XXH3 over version, layout, bits, update step, annealing cohorts and channels. */
  public String digest(long step) {
    HashStream64 stream = Hashing.xxh3_64().hashStream();
    stream.putInt(masks.version().number()).putString(layoutDigest).putLong(updatedAt);
    masks.masks().forEach(mask -> put(mask, stream));
    for (AnnealingGroup cohort : weights.aliveAt(step).groups()) {
      stream.putInt(cohort.version().number()).putLong(cohort.step());
      cohort.units().forEach(units -> put(units, stream));
    }
    channels().ifPresent(state -> stream.putByteArray(ChannelCodec.encode(state)));
    return String.format("%016x", stream.getAsLong());
  }

  private static void put(Mask mask, HashStream64 stream) {
    for (int i = 0; i < mask.wordCount(); i++) {
      stream.putLong(mask.word(i));
    }
  }

  /** The units whose stored weights may differ from 0 after {@code step} completed steps. */
  public LiveUnits livingAt(long step) {
    if (masks.kept() == masks.total() || hidesLivingUnits()) {
      return mayChange() ? LiveUnits.all() : LiveUnits.all().afterLastUpdate();
    }
    List<Mask> kept = masks.masks();
    LiveUnits living = LiveUnits.of(annealing().isOver() ? kept : annealing().living(kept, step));
    return mayChange() ? living : living.afterLastUpdate();
  }
}
