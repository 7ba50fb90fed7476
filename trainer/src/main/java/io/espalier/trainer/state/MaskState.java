package io.espalier.trainer.state;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.annealing.AnnealingState;
import io.espalier.masks.annealing.AnnealingState.AnnealingGroup;
import io.espalier.masks.annealing.Temperature;
import io.espalier.masks.channel.ChannelCodec;
import io.espalier.masks.channel.ChannelMasks;
import io.espalier.masks.channel.ChannelState;
import io.espalier.masks.kind.MaskKind;
import io.espalier.masks.kind.PrunedUnits;
import io.espalier.masks.schedule.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One version's masks and the units that live, are hidden, or anneal. Immutable. */
public final class MaskState {
  private final MaskKind kind;
  private final long freezeStep;
  private final MaskSet masks;
  private final long updatedAt;
  private final AnnealingState annealing;
  private final Optional<ChannelState> channels;
  private final String layoutDigest;

  private MaskState(
      MaskKind kind,
      long freezeStep,
      MaskSet masks,
      long updatedAt,
      AnnealingState annealing,
      Optional<ChannelState> channels,
      String layoutDigest) {
    this.kind = kind;
    this.freezeStep = freezeStep;
    this.masks = masks;
    this.updatedAt = updatedAt;
    this.annealing = annealing;
    this.channels = channels;
    this.layoutDigest = layoutDigest;
  }

  public static MaskState of(
      MaskKind kind,
      Plan plan,
      MaskSet masks,
      long updatedAt,
      byte[] annealing,
      Temperature temperature) {
    return of(
        kind,
        plan,
        masks,
        updatedAt,
        AnnealingCodec.decode(annealing, temperature, masks.layout(), masks.parameters()));
  }

  public static MaskState of(
      MaskKind kind, Plan plan, MaskSet masks, long updatedAt, AnnealingState annealing) {
    return new MaskState(
        kind,
        plan.freezeStep(),
        masks,
        updatedAt,
        annealing,
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
      AnnealingState annealing) {
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
        annealing,
        Optional.of(channels),
        set.layout().digest());
  }

  public MaskState updated(MaskSet next, long step) {
    AnnealingState later =
        kind.pruned(step < freezeStep) == PrunedUnits.FADING
            ? annealing.add(masks, next, step).aliveAt(step)
            : annealing;
    return new MaskState(kind, freezeStep, next, step, later, channels, layoutDigest);
  }

  public MaskState withoutDead(long step) {
    AnnealingState alive = annealing.aliveAt(step);
    return alive.groups().size() == annealing.groups().size()
        ? this
        : new MaskState(kind, freezeStep, masks, updatedAt, alive, channels, layoutDigest);
  }

  public MaskSet masks() {
    return masks;
  }

  public byte[] encodedAnnealing() {
    return AnnealingCodec.encode(annealing, masks);
  }

  public AnnealingState annealing() {
    return annealing;
  }

  /** The channels behind the masks; empty where weights are pruned one by one. */
  public Optional<ChannelState> channels() {
    return channels;
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

  private static boolean hidesLivingUnits(MaskKind kind, long updatedAt, long freezeStep) {
    return kind.pruned(updatedAt < freezeStep) == PrunedUnits.RETURNING;
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
    for (AnnealingGroup cohort : annealing.aliveAt(step).groups()) {
      stream.putInt(cohort.version().number()).putLong(cohort.step());
      cohort.units().forEach(units -> put(units, stream));
    }
    channels.ifPresent(state -> stream.putByteArray(ChannelCodec.encode(state)));
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
    List<Mask> living = new ArrayList<>();
    for (int i = 0; i < masks.parameters().size(); i++) {
      Mask kept = masks.masks().get(i);
      living.add(annealing.groups().isEmpty() ? kept : kept.or(annealing.living(i, kept, step)));
    }
    return mayChange() ? LiveUnits.of(living) : LiveUnits.of(living).afterLastUpdate();
  }
}
