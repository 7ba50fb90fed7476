/** Places at which a test can make the program fail. */
@NullMarked
package io.espalier.configs.fault;

import org.jspecify.annotations.NullMarked;
