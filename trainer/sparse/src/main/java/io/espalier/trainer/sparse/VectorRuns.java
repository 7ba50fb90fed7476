package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels#runs} by eight vectors at a time; those of one run overlap at its end. */
final class VectorRuns {
  private static final VectorSpecies<Float> S = SPECIES;
  private static final int L = LANES;
  private static final int PLACES = 8;

  private final float[] place = new float[PLACES * L];
  private int[] inPlaces = new int[0];
  private int[] outPlaces = new int[0];

  void runs(Gather pass, int[] inAt, int[] outAt, int length) {
    int perRun = (length + L - 1) / L;
    int vectors = inAt.length * perRun;
    if (inPlaces.length < vectors) {
      inPlaces = new int[vectors + PLACES];
      outPlaces = new int[vectors + PLACES];
    }
    int last = Math.max(0, length - L);
    for (int run = 0, i = 0; run < inAt.length; run++) {
      for (int v = 0; v < perRun; v++, i++) {
        int from = Math.min(v * L, last);
        inPlaces[i] = inAt[run] + from;
        outPlaces[i] = outAt[run] + from;
      }
    }
    int width = Math.min(L, length);
    for (int done = 0; done < vectors; done += PLACES) {
      int first = Math.max(0, Math.min(done, vectors - PLACES));
      places(pass, first, vectors - 1, width);
    }
  }

  private void places(Gather pass, int first, int last, int width) {
    int[] starts = pass.starts;
    int[] offsets = pass.offsets;
    float[] values = pass.values;
    float[] in = pass.in;
    float[] bias = pass.bias;
    float floor = pass.relu ? 0 : Float.NEGATIVE_INFINITY;
    int inA = inPlaces[first];
    int inB = inPlaces[Math.min(first + 1, last)];
    int inC = inPlaces[Math.min(first + 2, last)];
    int inD = inPlaces[Math.min(first + 3, last)];
    int inE = inPlaces[Math.min(first + 4, last)];
    int inF = inPlaces[Math.min(first + 5, last)];
    int inG = inPlaces[Math.min(first + 6, last)];
    int inH = inPlaces[Math.min(first + 7, last)];
    int outputs = starts.length - 1;
    for (int o = 0; o < outputs; o++) {
      FloatVector a = FloatVector.broadcast(S, bias == null ? 0 : bias[o]);
      FloatVector b = a;
      FloatVector c = a;
      FloatVector d = a;
      FloatVector e = a;
      FloatVector f = a;
      FloatVector g = a;
      FloatVector h = a;
      int end = starts[o + 1];
      for (int k = starts[o]; k < end; k++) {
        FloatVector value = FloatVector.broadcast(S, values[k]);
        int at = offsets[k];
        a = FloatVector.fromArray(S, in, at + inA).fma(value, a);
        b = FloatVector.fromArray(S, in, at + inB).fma(value, b);
        c = FloatVector.fromArray(S, in, at + inC).fma(value, c);
        d = FloatVector.fromArray(S, in, at + inD).fma(value, d);
        e = FloatVector.fromArray(S, in, at + inE).fma(value, e);
        f = FloatVector.fromArray(S, in, at + inF).fma(value, f);
        g = FloatVector.fromArray(S, in, at + inG).fma(value, g);
        h = FloatVector.fromArray(S, in, at + inH).fma(value, h);
      }
      a.max(floor).intoArray(place, 0);
      b.max(floor).intoArray(place, L);
      c.max(floor).intoArray(place, 2 * L);
      d.max(floor).intoArray(place, 3 * L);
      e.max(floor).intoArray(place, 4 * L);
      f.max(floor).intoArray(place, 5 * L);
      g.max(floor).intoArray(place, 6 * L);
      h.max(floor).intoArray(place, 7 * L);
      int to = o * pass.outPlane;
      for (int i = 0; i < PLACES; i++) {
        int at = to + outPlaces[Math.min(first + i, last)];
        System.arraycopy(place, i * L, pass.out, at, width);
      }
    }
  }
}
