package io.espalier.trainer.sparse;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/**
 * Reads where Java has put an array, less a base that is a multiple of a page. {@code
 * sun.misc.Unsafe} is called by its name, as compilers warn of it and a Java may lack it.
 */
final class Addresses {
  private static final int UNIT_BITS = 3;

  /** Objects that show whether references count bytes or units of eight. */
  private static final int SAMPLES = 64;

  private final MethodHandle read;
  private final long firstReference;
  private final int firstValue;
  private final int shift;

  private Addresses(Object unsafe) throws Throwable {
    MethodHandle arrayBase = method(unsafe, "arrayBaseOffset", int.class, Class.class);
    MethodHandle arrayScale = method(unsafe, "arrayIndexScale", int.class, Class.class);
    firstReference = (int) arrayBase.invokeExact(Object[].class);
    firstValue = (int) arrayBase.invokeExact(float[].class);
    boolean isCompressed = (int) arrayScale.invokeExact(Object[].class) == Integer.BYTES;
    read =
        isCompressed
            ? method(unsafe, "getInt", int.class, Object.class, long.class)
                .asType(MethodType.methodType(long.class, Object.class, long.class))
            : method(unsafe, "getLong", long.class, Object.class, long.class);
    shift = isCompressed && countsUnits() ? UNIT_BITS : 0;
  }

  private static MethodHandle method(
      Object unsafe, String name, Class<?> result, Class<?>... parameters)
      throws ReflectiveOperationException {
    return MethodHandles.publicLookup()
        .findVirtual(unsafe.getClass(), name, MethodType.methodType(result, parameters))
        .bindTo(unsafe);
  }

  static @Nullable Addresses find() {
    try {
      Field unsafe = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
      unsafe.setAccessible(true);
      return new Addresses(unsafe.get(null));
    } catch (Throwable e) {
      return null;
    }
  }

  /** Addresses are multiples of eight, so that a reference that is none counts units of eight. */
  private boolean countsUnits() throws Throwable {
    Object[] sample = new Object[1];
    for (int i = 0; i < SAMPLES; i++) {
      sample[0] = new Object[i % 2];
      if ((raw(sample) & ((1 << UNIT_BITS) - 1)) != 0) {
        return true;
      }
    }
    return false;
  }

  private long raw(Object[] reference) throws Throwable {
    return (long) read.invokeExact((Object) reference, firstReference);
  }

  /** The address of the first value of an array of float that is the element of another array. */
  long ofFirstValue(Object[] reference) {
    try {
      return (raw(reference) << shift) + firstValue;
    } catch (Throwable e) {
      throw new IllegalStateException("an address must be readable where the first was", e);
    }
  }
}
