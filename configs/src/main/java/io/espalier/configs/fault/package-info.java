/** Places at which a test can make the program fail. */
package io.espalier.configs.fault;
