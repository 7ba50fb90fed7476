/** Topics of users as streams: read from known offsets on, in bounded memory, and written. */
@NullMarked
package io.espalier.telemetry.stream;

import org.jspecify.annotations.NullMarked;
