package io.espalier.trainer.analysis;

import io.espalier.masks.random.CounterRandom;
import io.espalier.trainer.analysis.Finding.Format;
import io.espalier.trainer.analysis.Finding.Heading;
import io.espalier.trainer.analysis.corruption.Corruption;
import io.espalier.trainer.analysis.corruption.Corruptions;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.network.ImageShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Accuracy on corrupted test images, by corruption and severity. */
final class CorruptionRobustness implements NetworkDiagnostic {
  /** Separates these draws from all others of the same seed. */
  private static final long DOMAIN = 0x636f7272L;

  @Override
  public String name() {
    return "corruption";
  }

  @Override
  public String summary() {
    return "accuracy on images with noise, blur and other light at severities 1 to %d; %d passes of a sample of the test set"
        .formatted(Corruption.SEVERITIES, Corruption.SEVERITIES * Corruptions.all().size());
  }

  @Override
  public Optional<String> obstacle(AnalysedNetwork network) {
    return network.data().columns().isEmpty()
        ? Optional.empty()
        : Optional.of("only images can be corrupted, and the network reads rows of a table");
  }

  @Override
  public Finding find(AnalysedNetwork network) {
    Sample sample = network.testSample();
    RawRange range = RawRange.of(sample);
    List<Corruption> corruptions = Corruptions.all();
    List<List<Object>> rows = new ArrayList<>();
    double sum = 0;
    for (int c = 0; c < corruptions.size(); c++) {
      List<Object> row = new ArrayList<>(List.of(corruptions.get(c).name()));
      double own = 0;
      for (int severity = 1; severity <= Corruption.SEVERITIES; severity++) {
        CounterRandom random = CounterRandom.of(network.settings().seed(), DOMAIN, c, severity);
        Examples corrupted =
            corrupted(network, sample, range, corruptions.get(c), severity, random);
        double accuracy = network.evaluate(Sample.all(corrupted)).accuracy();
        row.add(accuracy);
        own += accuracy / Corruption.SEVERITIES;
        network.progress(
            c * Corruption.SEVERITIES + severity, corruptions.size() * Corruption.SEVERITIES);
      }
      row.add(own);
      rows.add(row);
      sum += own;
    }
    double clean = network.evaluate(sample).accuracy();
    double mean = sum / corruptions.size();
    return Finding.titled("Corruption robustness")
        .share("cleanAccuracy", "accuracy on clean images", clean)
        .share("corruptedAccuracy", "mean accuracy on corrupted images", mean)
        .number("relativeAccuracy", "relative to clean", clean == 0 ? Double.NaN : mean / clean)
        .table("", headings(), rows)
        .note(
            "On %,d test images; raw values from %s to %s count as 0 to 1. Columns are severities."
                .formatted(sample.count(), range.low(), range.high()));
  }

  /** The range of raw values of a sample's images. */
  private record RawRange(float low, float high) {
    static RawRange of(Sample sample) {
      float low = Float.POSITIVE_INFINITY;
      float high = Float.NEGATIVE_INFINITY;
      for (int example : sample.indices()) {
        for (int i = 0; i < sample.examples().features(); i++) {
          low = Math.min(low, sample.examples().raw(example, i));
          high = Math.max(high, sample.examples().raw(example, i));
        }
      }
      return new RawRange(low, high);
    }

    float share(float raw) {
      return high > low ? (raw - low) / (high - low) : 0;
    }

    float raw(float share) {
      return low + (high - low) * Math.min(1, Math.max(0, share));
    }
  }

  private static Examples corrupted(
      AnalysedNetwork network,
      Sample sample,
      RawRange range,
      Corruption corruption,
      int severity,
      CounterRandom random) {
    ImageShape shape = network.network().input();
    float[] values = new float[Math.multiplyExact(sample.count(), shape.size())];
    int[] labels = new int[sample.count()];
    for (int place = 0; place < sample.count(); place++) {
      float[] image = new float[shape.size()];
      for (int i = 0; i < image.length; i++) {
        image[i] = range.share(sample.examples().raw(sample.indices()[place], i));
      }
      corruption.apply(image, shape, severity, CounterRandom.of(random.bits(place)));
      for (int i = 0; i < image.length; i++) {
        values[place * image.length + i] = range.raw(image[i]);
      }
      labels[place] = sample.label(place);
    }
    return network.normalised(Examples.ofFloats(values, labels));
  }

  private static List<Heading> headings() {
    List<Heading> headings = new ArrayList<>();
    headings.add(new Heading("corruption", "corruption", Format.TEXT));
    IntStream.rangeClosed(1, Corruption.SEVERITIES)
        .forEach(at -> headings.add(new Heading("severity" + at, "" + at, Format.SHARE)));
    headings.add(new Heading("mean", "mean", Format.BAR));
    return headings;
  }
}
