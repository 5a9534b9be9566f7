import type { messages as english } from './en-later';

/** As a school in the United States would say it, to grown-ups: `usted`. */
export const messages: Readonly<Record<keyof typeof english, string>> = {
  close: 'Cerrar',
  from: 'Desde',
  to: 'Hasta',
  name: 'Nombre',
  number: 'Número',
  'take-back': 'Revertir',

  'error.nothing-changed': 'No se cambió nada: {why}',

  'sign-in': 'Iniciar sesión',
  'sign-in.title': 'Iniciar sesión en rollbook',
  'sign-in.busy': 'Iniciando sesión…',
  'sign-in.email': 'Su correo electrónico de la escuela',
  'sign-in.send': 'Envíenme un enlace',
  'sign-in.sent':
    'Si {email} está en los datos de la escuela, se le enviará un correo. Abra el enlace o escriba aquí el código. Ambos sirven durante 10 minutos.',
  'sign-in.code': 'Código',
  'sign-in.digits': 'seis dígitos',
  'sign-in.another': 'Otra dirección, u otro correo',
  'sign-in.key': 'Clave',
  'sign-in.secret': 'Secreto',
  'sign-in.with': 'Iniciar sesión con {name}',
  'sign-in.by-link': 'Abra el enlace que le dio la oficina. Si no tiene ninguno, pídalo en la oficina.',
  'sign-in.operators': 'Con la clave de un cliente, para administradores del sistema',
  'sign-in.own-device': 'Este dispositivo es solo mío',
  'sign-in.own-device.yes': 'Su sesión sigue abierta mientras no pasen 30 días sin usarla.',
  'sign-in.own-device.no': 'Su sesión se cierra después de 12 horas sin usarla.',
  'sign-in.invited': 'Tiene una invitación. El enlace inicia su sesión en este dispositivo, una sola vez.',
  'sign-in.accept': 'Aceptar la invitación',
  'sign-in.wrong.code': 'El código no es correcto o ya venció. Después de cinco intentos, pida otro correo.',
  'sign-in.wrong.invitation': 'Este enlace ya se usó o ya venció. Pida otro en la oficina.',
  'sign-in.wrong.key': 'La clave o el secreto no es correcto.',
  'sign-in.refused': 'No se pudo iniciar su sesión.',
  'sign-in.refused.insecure': 'Esta dirección no es segura para iniciar sesión: abra la que empieza con https.',
  'sign-in.refused.expired': 'Pasaron más de diez minutos, o se empezó en otra ventana. Inténtelo de nuevo.',
  'sign-in.refused.denied': 'Allí no se le permitió entrar, o usted se regresó. Puede intentarlo de nuevo.',
  'sign-in.refused.failed':
    'No se pudo confiar en la respuesta, así que no se inició ninguna sesión. Inténtelo de nuevo desde aquí.',
  'sign-in.refused.unavailable':
    'Ese servicio de inicio de sesión no responde en este momento. Inténtelo de nuevo en un momento.',
  'sign-in.refused.unverified':
    'Su correo electrónico no está verificado allí. Pídalo a quien administra ese servicio.',
  'sign-in.refused.unknown':
    'Nadie en este distrito tiene el correo electrónico de esa cuenta. Pida a la oficina que lo agregue a los datos de la escuela.',
  'sign-in.refused.ambiguous':
    'Más de una persona tiene el correo electrónico de esa cuenta. Pida a la oficina que lo corrija.',
  'sign-in.refused.role': 'Aquí solo inician sesión los maestros y la oficina.',
  'sign-in.refused.revoked': 'Se le retiró el acceso. Si es un error, pida una invitación en la oficina.',
  'sign-in.refused.setup':
    'Ese inicio de sesión no está bien configurado. Pida a quien administra rollbook que revise su registro.',

  pages: 'Páginas de la lista',

  'class.no-teacher': 'sin maestro',
  'untaken.none': 'Se tomaron todas las listas: {from} a {to}.',
  'untaken.newest': 'Días más recientes',
  'untaken.earlier': 'Días anteriores',
  'blank.title': 'Lista en blanco',
  'blank.taken-by': 'Tomada por:',
  'keys.begin': 'empieza en el primer estudiante',
  'keys.student': 'el estudiante anterior, el siguiente',
  'keys.page': 'Re Pág, Av Pág',
  'keys.ten': 'diez estudiantes arriba, abajo',
  'keys.ends': 'Inicio, Fin',
  'keys.first': 'el primer estudiante, el último',
  'keys.status': 'el estado anterior, el siguiente',
  'keys.comment': 'comentario; Enter regresa',
  'keys.undo': 'deshace el último paso',
  'keys.these': 'muestra estas teclas',

  'substitute.the-class': 'la clase',
  'substitute.for': 'Sustituto para {title}',
  'substitute.back': 'Volver a la lista',
  'substitute.given': 'Asignada',
  'substitute.who': 'Quién la toma',
  'substitute.what': 'Toma la asistencia de estos días y no ve otros. Termina por sí solo.',
  'substitute.give': 'Asignarla a {name}',
  'substitute.done': '{name} toma {title}, {days}.',
  'substitute.take-back-from': 'Revertir la asignación a {name}, {days}',
  'substitute.taken-back': '{name} ya no toma {title}.',
  'substitute.nobody': 'No hay nadie en la escuela con ese nombre que tome asistencia.',
};
